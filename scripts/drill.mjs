import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './lib/build.mjs';
import { continueIdentities, copyDatabase } from './lib/copy-database.mjs';
import { connect, forPrograms } from './lib/database-access.mjs';
import { readJson } from './lib/files.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { projectRoot, runFile } from './lib/paths.mjs';
import { run } from './lib/processes.mjs';
import { elapsed, explain, say, Sentence } from './lib/say.mjs';
import { setting } from './lib/settings.mjs';

/**
 * `npm run drill [-- --dump FILE]`: brings a backup back beside the database it came from and replays the ledger in it. Without a file it
 * copies the database of the settings (or of a running `npm start`) as of one moment; with one it restores what pg_dump -Fc wrote. The
 * database itself is only read; what was restored is dropped again.
 */
const { values } = parseArgs({ options: { dump: { type: 'string' } } });

async function drill(sourceUrl) {
  const name = `drill_${randomBytes(6).toString('hex')}`;
  const targetUrl = new URL(sourceUrl);
  targetUrl.pathname = `/${name}`;
  const source = await connect(sourceUrl);
  await source.query(`CREATE DATABASE ${name}`);
  try {
    await restore(source, targetUrl.href);
    say((await runBuilt('rebuild', targetUrl.href)).trim());
  } finally {
    await source.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await source.end();
  }
}

async function restore(source, targetUrl) {
  if (values.dump) await restoreDump(targetUrl);
  // An empty database needs all of it, a dump what is newer than it.
  await runBuilt('migrate', targetUrl);
  const target = await connect(targetUrl);
  try {
    if (!values.dump) {
      await copyDatabase(source, target);
      await continueIdentities(target);
    }
    const { rows } = await target.query('SELECT count(*)::int AS facts FROM ledger');
    say(`${rows[0].facts} facts are back.`);
  } finally {
    await target.end();
  }
}

async function restoreDump(targetUrl) {
  const { url, env } = forPrograms(targetUrl);
  // Who owns what and who may do what is the server's where the backup comes from.
  const options = ['--no-owner', '--no-privileges', '--exit-on-error', '--dbname', url];
  try {
    await run('pg_restore', [...options, values.dump], { env });
  } catch (error) {
    if (!/ENOENT/.test(error.message)) throw error;
    throw new Sentence('There is no pg_restore here: install the client programs of Postgres.');
  }
}

function runBuilt(program, url) {
  const settings = {
    PORTFOLIO_DATABASE_URL: url,
    PORTFOLIO_DATABASE_URL_FILE: '',
    DATABASE_URL_FILE: '',
  };
  return run(process.execPath, [join(projectRoot, 'dist', `${program}.js`)], {
    env: { ...process.env, ...settings },
  });
}

try {
  await ensureInstalled();
  await ensureBuilt();
  const url = setting('DATABASE_URL') ?? (await readJson(runFile))?.databaseUrl;
  if (!url)
    throw new Sentence(
      'There is no database: set PORTFOLIO_DATABASE_URL, or leave `npm start` running meanwhile.',
    );
  const since = Date.now();
  await drill(url);
  say(`The backup is good: restored and replayed in ${elapsed(since)}.`);
} catch (error) {
  say(explain(error));
  process.exitCode = 1;
}

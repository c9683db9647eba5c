import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './lib/build.mjs';
import { continueIdentities, copyDatabase } from './lib/copy-database.mjs';
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

async function drill(connect, sourceUrl) {
  const name = `drill_${randomBytes(6).toString('hex')}`;
  const targetUrl = new URL(sourceUrl);
  targetUrl.pathname = `/${name}`;
  const source = await connect(sourceUrl);
  await source.query(`CREATE DATABASE ${name}`);
  try {
    await restore(connect, source, targetUrl.href);
    const told = await run(process.execPath, [join(projectRoot, 'dist', 'rebuild.js')], {
      env: {
        ...process.env,
        PORTFOLIO_DATABASE_URL: targetUrl.href,
        PORTFOLIO_DATABASE_URL_FILE: '',
        DATABASE_URL_FILE: '',
      },
    });
    say(told.trim());
  } finally {
    await source.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await source.end();
  }
}

async function restore(connect, source, targetUrl) {
  if (values.dump)
    return run('pg_restore', ['--no-owner', '--exit-on-error', '--dbname', targetUrl, values.dump]);
  await run(process.execPath, [join(projectRoot, 'dist', 'migrate.js')], {
    env: {
      ...process.env,
      PORTFOLIO_DATABASE_URL: targetUrl,
      PORTFOLIO_DATABASE_URL_FILE: '',
      DATABASE_URL_FILE: '',
    },
  });
  const target = await connect(targetUrl);
  try {
    const copied = await copyDatabase(source, target);
    await continueIdentities(target);
    say(
      `${copied.get('ledger')} facts and ${[...copied.values()].reduce((sum, n) => sum + n, 0)} rows in all are back.`,
    );
  } finally {
    await target.end();
  }
}

try {
  await ensureInstalled();
  await ensureBuilt();
  const url = setting('DATABASE_URL') ?? (await readJson(runFile))?.databaseUrl;
  if (!url)
    throw new Sentence(
      'There is no database: set PORTFOLIO_DATABASE_URL, or leave `npm start` running meanwhile.',
    );
  const { default: pg } = await import('pg');
  const connect = async (connectionString) => {
    const client = new pg.Client({ connectionString });
    await client.connect();
    return client;
  };
  const since = Date.now();
  await drill(connect, url);
  say(`The backup is good: restored and replayed in ${elapsed(since)}.`);
} catch (error) {
  say(explain(error));
  process.exitCode = 1;
}

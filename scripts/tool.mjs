/** `npm run migrate`, `npm run rebuild`, `npm run keys`, `npm run import:trades` and `npm run classify`: builds when nothing is built, and speaks to the database of the settings or of `npm start`. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

const root = new URL('..', import.meta.url);
const [, , tool, ...args] = process.argv;
const program = new URL(`dist/${tool}.js`, root);

/** A batch of rows dies as a whole: with room for it among the young, little of it is ever copied. */
const ROOM = ['--max-semi-space-size=32'];

const isSet = (name) => process.env[`PORTFOLIO_${name}`] || process.env[name];

/** What a running `npm start` provides; nothing when none runs. */
async function providedSettings() {
  if (isSet('DATABASE_URL') || isSet('DATABASE_URL_FILE')) return {};
  try {
    const run = JSON.parse(await readFile(new URL('.data/run.json', root), 'utf8'));
    return { PORTFOLIO_DATABASE_URL: run.databaseUrl, PORTFOLIO_REDIS_URL: run.redisUrl };
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}

/** In the container the image's own environment says the same. */
let allocator = {};
// In the container image there is only what was built; in a clone the sources decide.
if (existsSync(new URL('tsconfig.build.json', root))) {
  const { ensureInstalled } = await import('./lib/install.mjs');
  const { ensureBuilt } = await import('./lib/build.mjs');
  ({ GIVES_BACK: allocator } = await import('./lib/node-flags.mjs'));
  await ensureInstalled();
  await ensureBuilt();
}
const env = { ...allocator, ...process.env, ...(await providedSettings()) };
const child = spawn(process.execPath, [...ROOM, program.pathname, ...args], {
  stdio: 'inherit',
  env,
});
// Ctrl-C reaches the tool by itself, which then ends as it sees fit; others signal only this process.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(signal ? 1 : code));

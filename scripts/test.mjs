import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { endingSignal, Started } from './lib/ending.mjs';
import { ensureInstalled, requireNode } from './lib/install.mjs';
import { projectRoot } from './lib/paths.mjs';
import { explain, say } from './lib/say.mjs';
import { providePostgres, redisProgram } from './provision.mjs';

/**
 * `npm test [-- jest arguments]`: a Postgres of its own in a temporary folder, a Redis program for the tests that
 * start their own servers, a fresh build for those that start the service; then Jest.
 */
const signal = endingSignal();
const started = new Started();

/**
 * Durable in every sense but one: a commit is still waited for and written, only the disk is not made to confirm it,
 * which would matter if the machine itself lost its power in the middle of a test.
 */
const TEST_FLAGS = [
  'synchronous_commit=on',
  'fsync=off',
  'full_page_writes=off',
  'max_connections=300',
  'max_wal_size=2GB',
];
const SERVICE_SETTINGS =
  /^(PORTFOLIO_(?!TEST_)|(DATABASE_URL|REDIS_(URL|HOST|PORT|DB)|PORT|HOST|LOG_(LEVEL|FORMAT)|MIGRATE)$)/;

/** Tests set what they need: a setting of this shell must not reach the services they start. */
function cleanEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !SERVICE_SETTINGS.test(name)));
}

async function temporaryFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'portfolio-test-'));
  await chmod(folder, 0o711);
  started.add(folder, { stop: () => rm(folder, { recursive: true, force: true }) });
  return folder;
}

async function provideDatabase(dataDir) {
  if (process.env.PORTFOLIO_TEST_DATABASE_URL) return process.env.PORTFOLIO_TEST_DATABASE_URL;
  const postgres = await providePostgres({ dataDir, flags: TEST_FLAGS });
  started.add(postgres.directory, { stop: () => rm(postgres.directory, { recursive: true, force: true }) });
  started.add('Postgres', postgres);
  say(`Postgres ${postgres.version} for the tests on ${new URL(postgres.adminUrl).host}`);
  return postgres.adminUrl;
}

async function provideRedisProgram(dataDir) {
  if (process.env.PORTFOLIO_TEST_REDIS_SERVER) return process.env.PORTFOLIO_TEST_REDIS_SERVER;
  const { program, version } = await redisProgram(dataDir);
  say(`Redis ${version} for the tests, started by them from ${program}`);
  return program;
}

/** Resolves to Jest's exit code; a Ctrl-C ends it first. */
function runJest(args, provided) {
  const jest = join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
  const workers = args.some((arg) => /^(--maxWorkers|-w|--runInBand|-i)\b/.test(arg))
    ? []
    : ['--maxWorkers=2'];
  const env = { ...cleanEnvironment(), ...provided };
  const child = spawn(process.execPath, [jest, ...workers, ...args], {
    cwd: projectRoot,
    env,
    stdio: 'inherit',
  });
  signal.addEventListener('abort', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

async function main() {
  requireNode();
  await ensureInstalled({ signal });
  await ensureBuilt({ signal });
  const dataDir = await temporaryFolder();
  const provided = {
    PORTFOLIO_TEST_DATABASE_URL: await provideDatabase(dataDir),
    PORTFOLIO_TEST_REDIS_SERVER: await provideRedisProgram(dataDir),
  };
  signal.throwIfAborted();
  return runJest(process.argv.slice(2), provided);
}

async function ended() {
  try {
    return await main();
  } catch (error) {
    if (!signal.aborted) say(explain(error));
    return 1;
  } finally {
    await started.stopAll();
  }
}

process.exit(await ended());

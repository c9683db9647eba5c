import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readJson, writePrivateJson } from './files.mjs';
import { freshFolder, reachableData, reachablePrograms, serverAccount } from './postgres-account.mjs';
import { embeddedPrograms } from './postgres-programs.mjs';
import { pickPort } from './ports.mjs';
import { run, startServer, stopLeftover, stopServer } from './processes.mjs';
import { Sentence } from './say.mjs';

const USER = 'portfolio';
/** A fixed locale and clock: the same order and the same texts on every machine. */
const ENVIRONMENT = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
const START_TIMEOUT_MS = 120_000;

/**
 * A real Postgres on the loopback interface, its data kept in `dataDir`. Port and password are made once and
 * remembered there. Resolves to the URL of the database `portfolio`, the superuser's URL, the version and `stop()`.
 */
export async function providePostgres({ dataDir, flags = [] }) {
  const place = await preparePlace(dataDir);
  const saved = (await readJson(place.stateFile)) ?? {};
  const state = { port: saved.port, password: saved.password ?? randomBytes(24).toString('hex') };
  await stopEarlier(place.directory);
  await createCluster(place, state, saved.password);
  const server = await startCluster(place, state, flags);
  const adminUrl = `postgres://${USER}:${state.password}@127.0.0.1:${state.port}/postgres`;
  const stop = () => stopServer(server, 'SIGINT', 30_000);
  try {
    const version = await createDatabase(adminUrl, 'portfolio');
    return {
      url: adminUrl.replace(/postgres$/, 'portfolio'),
      adminUrl,
      version,
      directory: place.directory,
      stop,
      server,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function preparePlace(dataDir) {
  await mkdir(dataDir, { recursive: true });
  const account = await serverAccount(join(dataDir, 'postgres'));
  // The server's user may pass through, and sees nothing: what is secret in there is readable by its owner alone.
  if (account.uid !== undefined) await chmod(dataDir, 0o711);
  return {
    account,
    directory: await reachableData(join(dataDir, 'postgres'), account),
    native: await reachablePrograms(await embeddedPrograms(), account),
    stateFile: join(dataDir, 'postgres.json'),
    logFile: join(dataDir, 'postgres.log'),
  };
}

/**
 * A script killed with -9 leaves its server running, or a pid file that now names a stranger. Either would block the
 * new server, which must be alone on its data.
 */
async function stopEarlier(directory) {
  const pidFile = join(directory, 'postmaster.pid');
  const text = await readFile(pidFile, 'utf8').catch(() => null);
  if (text === null) return;
  await stopLeftover(Number.parseInt(text, 10), directory, 'SIGINT', 30_000);
  await rm(pidFile, { force: true });
}

/** Creates the cluster beside its place and moves it there when it is whole: an interrupted first run leaves nothing. */
async function createCluster(place, state, savedPassword) {
  const version = await readFile(join(place.directory, 'PG_VERSION'), 'utf8').catch(() => null);
  if (version !== null) return checkCluster(place, version.trim(), savedPassword);
  const draft = `${place.directory}.new`;
  const passwordFile = `${place.directory}.password`;
  await freshFolder(draft, place.account);
  try {
    await writeFile(passwordFile, state.password, { mode: 0o600 });
    if (place.account.uid !== undefined) await chown(passwordFile, place.account.uid, place.account.gid);
    const initdb = [
      '--pgdata',
      draft,
      '--username',
      USER,
      '--pwfile',
      passwordFile,
      '--auth',
      'scram-sha-256',
    ];
    await run(join(place.native, 'bin', 'initdb'), [...initdb, '--encoding', 'UTF8', '--no-locale'], {
      ...place.account,
      cwd: draft,
      env: ENVIRONMENT,
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await writePrivateJson(place.stateFile, state);
  await rename(draft, place.directory);
}

async function checkCluster(place, version, savedPassword) {
  const programs = (await run(join(place.native, 'bin', 'postgres'), ['--version'])).match(/\d+/)?.[0];
  if (programs !== version) {
    throw new Sentence(
      `${place.directory} was made by Postgres ${version}, this is ${programs}: move it away and start again.`,
    );
  }
  if (savedPassword) return;
  throw new Sentence(
    `${place.stateFile} with the password of ${place.directory} is gone: move the database away and start again.`,
  );
}

/** A port may be taken between the look and the start, and a killed server's children may need a moment to end. */
async function startCluster(place, state, flags) {
  for (let attempt = 1; ; attempt += 1) {
    state.port = await pickPort(state.port);
    await writePrivateJson(place.stateFile, state);
    const server = await spawnCluster(place, state, flags);
    if (await isReady(server, place.directory)) return server;
    const log = await readFile(place.logFile, 'utf8');
    const passing = /could not bind|already in use|pre-existing shared memory/i.test(log);
    if (!passing || attempt === 10)
      throw new Sentence(`Postgres did not start:\n${log.trim().split('\n').slice(-8).join('\n')}`);
    await delay(300);
  }
}

async function spawnCluster(place, state, flags) {
  const log = await open(place.logFile, 'w', 0o600);
  const fixed = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...flags].flatMap((flag) => [
    '-c',
    flag,
  ]);
  const server = startServer(
    join(place.native, 'bin', 'postgres'),
    ['-D', place.directory, '-p', String(state.port), ...fixed],
    { ...place.account, cwd: place.directory, env: ENVIRONMENT, stdio: ['ignore', log.fd, log.fd] },
  );
  void server.exited.finally(() => log.close());
  return server;
}

/** The server itself notes in its pid file when it accepts connections, after any recovery. False when it ended. */
async function isReady(server, directory) {
  let ended = false;
  void server.exited.then(() => (ended = true));
  for (const deadline = Date.now() + START_TIMEOUT_MS; !ended && Date.now() < deadline; await delay(25)) {
    const lines = (await readFile(join(directory, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    if (Number(lines[0]) === server.pid && lines[7]?.trim() === 'ready') return true;
  }
  if (!ended) await stopServer(server, 'SIGINT', 10_000);
  return false;
}

/** Creates the database when it is not there; resolves to the server's version. */
async function createDatabase(adminUrl, name) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${name}`);
    return (await client.query('SHOW server_version')).rows[0].server_version.split(' ')[0];
  } finally {
    await client.end();
  }
}

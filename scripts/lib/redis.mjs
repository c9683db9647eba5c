import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readJson, writePrivate, writePrivateJson } from './files.mjs';
import { pickPort } from './ports.mjs';
import { startServer, stopLeftover, stopServer } from './processes.mjs';
import { redisProgram } from './redis-program.mjs';
import { Sentence } from './say.mjs';

/**
 * A private Redis on the loopback interface, every write appended to a file in `dataDir`. Port and password are made
 * once and remembered there. Resolves to its URL, the version and `stop()`.
 */
export async function provideRedis({ dataDir }) {
  const directory = join(dataDir, 'redis');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const { program, version } = await redisProgram(dataDir);
  const stateFile = join(dataDir, 'redis.json');
  const saved = (await readJson(stateFile)) ?? {};
  await stopEarlier(directory, saved.port);
  const state = {
    port: await pickPort(saved.port),
    password: saved.password ?? randomBytes(24).toString('hex'),
  };
  await writePrivateJson(stateFile, state);
  const server = await startRedis(program, directory, state);
  const url = `redis://default:${state.password}@127.0.0.1:${state.port}`;
  return { url, version, directory, server, stop: () => stopServer(server, 'SIGTERM', 15_000) };
}

/** A script killed with -9 leaves its server running on the same files; its title names the port it listens on. */
async function stopEarlier(directory, port) {
  const pidFile = join(directory, 'redis.pid');
  const pid = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10);
  await stopLeftover(pid, `127.0.0.1:${port}`, 'SIGTERM');
  await rm(pidFile, { force: true });
}

function configuration(directory, { port, password }) {
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(directory)}`,
    `pidfile ${JSON.stringify(join(directory, 'redis.pid'))}`,
    `logfile ${JSON.stringify(join(directory, 'redis.log'))}`,
    'daemonize no',
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    '',
  ].join('\n');
}

/** The password goes by a file, where `ps` does not show it. */
async function startRedis(program, directory, state) {
  const file = join(directory, 'redis.conf');
  await writePrivate(file, configuration(directory, state));
  await rm(join(directory, 'redis.log'), { force: true });
  const server = startServer(program, [file], { cwd: directory, stdio: 'ignore' });
  let ended = false;
  void server.exited.then(() => (ended = true));
  while (!ended) {
    if (await answers(state)) return server;
    await delay(25);
  }
  const log = await readFile(join(directory, 'redis.log'), 'utf8').catch(() => '');
  throw new Sentence(`Redis did not start:\n${log.trim().split('\n').slice(-8).join('\n')}`);
}

/** True once it has loaded its data and answers a PING. */
function answers({ port, password }) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1000 });
    const settle = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    let heard = '';
    socket.on('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    socket.on('data', (bytes) => {
      heard += bytes;
      if (heard.includes('+PONG')) settle(true);
      else if (heard.includes('-')) settle(false);
    });
    socket.on('error', () => settle(false));
    socket.on('timeout', () => settle(false));
  });
}

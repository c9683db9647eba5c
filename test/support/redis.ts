import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually } from './eventually.js';
import { freePort } from './ports.js';

export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** A connection that reconnects for ever; closed by `stop`. */
  client(): Redis;
  /** Ends the server at once, as a crash would. */
  kill9(): Promise<void>;
  /** Starts it again on the same port and with what its disk holds; `empty`: with nothing. */
  restart(options?: { readonly empty?: boolean }): Promise<void>;
  /** SIGSTOP and SIGCONT: connections stay, and nothing answers. */
  freeze(): void;
  thaw(): void;
  /** Ends connections and server and removes its directory. */
  stop(): Promise<void>;
}

/** A private redis-server on a free loopback port; with `appendonly` every write is on disk before it is answered. */
export async function startRedis({
  appendonly = false,
  args = [],
}: { appendonly?: boolean; args?: readonly string[] } = {}): Promise<TestRedis> {
  const port = await freePort();
  const directory = await mkdtemp(join(tmpdir(), 'portfolio-redis-'));
  const clients: Redis[] = [];
  let server = await launch(port, directory, appendonly, args);
  const kill9 = async (): Promise<void> => end(server, 'SIGKILL');
  const client = (): Redis => {
    const redis = new Redis({ host: '127.0.0.1', port, maxRetriesPerRequest: null });
    redis.on('error', () => undefined); // It reconnects; a command that fails rejects by itself.
    clients.push(redis);
    return redis;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    client,
    kill9,
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    restart: async ({ empty = false } = {}) => {
      await kill9();
      if (empty) await rm(join(directory, 'appendonlydir'), { recursive: true, force: true });
      server = await launch(port, directory, appendonly, args);
    },
    stop: async () => {
      for (const redis of clients) redis.disconnect();
      await kill9();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function launch(
  port: number,
  directory: string,
  appendonly: boolean,
  args: readonly string[],
): Promise<ChildProcess> {
  const binary = process.env['PORTFOLIO_TEST_REDIS_SERVER'];
  if (!binary) throw new Error('PORTFOLIO_TEST_REDIS_SERVER is not set; run the tests with `npm test`');
  const durable = ['--appendonly', appendonly ? 'yes' : 'no', '--appendfsync', 'always', '--save', ''];
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory];
  const server = spawn(binary, [...place, ...durable, '--loglevel', 'warning', ...args], { stdio: 'ignore' });
  await eventually(() => answersPing(port, server), { timeoutMs: 15_000 });
  return server;
}

/** One PING on a plain socket: a client library would go on reconnecting, and leave timers behind. */
async function answersPing(port: number, server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}`);
  const socket = connect(port, '127.0.0.1');
  try {
    socket.write('PING\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    if (!answer.toString().startsWith('+PONG')) throw new Error(`Redis answers ${answer.toString()}`);
  } finally {
    socket.destroy();
  }
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = once(server, 'exit');
  server.kill(signal);
  await gone;
}

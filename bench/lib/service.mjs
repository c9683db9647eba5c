import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { GIVES_BACK, ROOM_FOR_THE_YOUNG } from '../../scripts/lib/node-flags.mjs';
import { pickPort } from '../../scripts/lib/ports.mjs';
import { startChild } from './children.mjs';
import { OURS, redisUrlOf } from './servers.mjs';

const READY_TIMEOUT_MS = 120_000;

/** Any program that answers HTTP on the port it is told: the service itself, or something bare in its place. */
export class HttpProgram {
  #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(child, port) {
    this.child = child;
    this.port = port;
  }

  static async start(program, { env, log, nodeFlags, portName = 'PORT' }) {
    const port = await pickPort();
    return new HttpProgram(
      startChild(program, { env: { ...env, [portName]: String(port) }, log, nodeFlags }),
      port,
    );
  }

  /** Status, body and when the last byte was there (ms, monotonic). One request at a time, on one connection kept open. */
  get(path) {
    return new Promise((resolve, reject) => {
      const request = get({ host: '127.0.0.1', port: this.port, path, agent: this.#agent }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode, body: Buffer.concat(chunks), at: performance.now() }),
        );
      });
      request.once('error', reject);
    });
  }

  async json(path) {
    const { status, body } = await this.get(path);
    if (status !== 200) throw new Error(`${path} answers ${status}: ${body.subarray(0, 500)}`);
    return JSON.parse(body);
  }

  /** Waits until a path answers 200. */
  async untilReady(path) {
    for (const deadline = Date.now() + READY_TIMEOUT_MS; Date.now() < deadline; await delay(2)) {
      if (this.child.hasEnded()) throw this.child.failure();
      const answer = await this.get(path).catch(() => null);
      if (answer?.status === 200) return;
    }
    throw new Error(`${path} was not ready in ${READY_TIMEOUT_MS} ms`);
  }

  /** Resident memory of the process, bytes. */
  memory() {
    const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8'));
    return Number(kilobytes) * 1024;
  }

  async stop() {
    this.#agent.destroy();
    return this.child.stop();
  }
}

/** Starts the built service as it runs in production, on a database and a Redis database of the bench. `nodeFlags`: more than those. */
export async function startService(bench, { databaseUrl, env = {}, redisDb = OURS, nodeFlags = [] }) {
  const service = await HttpProgram.start('dist/main.js', {
    portName: 'PORTFOLIO_PORT',
    log: join(bench.folder, 'service.log'),
    nodeFlags: [ROOM_FOR_THE_YOUNG, ...profiling(), ...nodeFlags],
    env: {
      ...GIVES_BACK,
      PORTFOLIO_DATABASE_URL: databaseUrl,
      PORTFOLIO_REDIS_URL: redisUrlOf(bench, redisDb),
      PORTFOLIO_REPLICA: 'bench',
      // A mark that grew stale in a long run would change the answers, and the baselines send the bytes of the beginning.
      PORTFOLIO_STALE_MARK_SEC: '86400',
      ...env,
    },
  });
  return service;
}

/** With PORTFOLIO_BENCH_PROFILE each service leaves a CPU profile in that folder when it ends. */
function profiling() {
  const folder = process.env.PORTFOLIO_BENCH_PROFILE;
  return folder ? ['--cpu-prof', `--cpu-prof-dir=${resolve(folder)}`] : [];
}

import { readFileSync } from 'node:fs';
import { eventually } from '../../support/eventually.js';
import { httpGet } from '../../support/http.js';
import { freePort } from '../../support/ports.js';
import { launch, type Exit, type TestService } from '../../support/service.js';

const PRELOAD = 'test/faults/support/preload.mjs';
/** The same modules with their packages beside them: those that the preload lays hands on are then those of the service. */
const UNBUNDLED = 'dist/modules/main.js';

export interface ReplicaOptions {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly name: string;
  readonly env?: Record<string, string | undefined>;
}

/** One process of the built service, from its first instruction on. */
export interface Replica extends TestService {
  readonly pid: number;
  readonly name: string;
  readonly exited: Promise<Exit>;
  /** Whether it runs. */
  lives(): boolean;
  /** Returns when readiness says yes. */
  ready(timeoutMs?: number): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** Resident memory in MiB. */
  memoryMb(): number;
}

/** Starts a process and returns at once. */
export async function startReplica({ databaseUrl, redisUrl, name, env }: ReplicaOptions): Promise<Replica> {
  const port = await freePort();
  const settings = {
    PORTFOLIO_DATABASE_URL: databaseUrl,
    PORTFOLIO_REDIS_URL: redisUrl,
    PORTFOLIO_PORT: String(port),
    PORTFOLIO_HOST: '127.0.0.1',
    PORTFOLIO_REPLICA: name,
    PORTFOLIO_CLAIM_IDLE_MS: '1000',
    ...env,
  };
  const needsPreload = Object.keys(settings).some((setting) => setting.startsWith('PORTFOLIO_FAULT'));
  const run = needsPreload ? launch(settings, UNBUNDLED, [], PRELOAD) : launch(settings);
  const url = `http://127.0.0.1:${port}`;
  const get: TestService['get'] = (path, headers) => httpGet(url + path, headers);
  const lives = (): boolean => run.child.exitCode === null && run.child.signalCode === null;
  const ready = (timeoutMs = 30_000): Promise<void> =>
    eventually(
      async () => {
        const answer = lives() ? await get('/health/ready') : null;
        if (answer?.status !== 200) throw new Error(`not ready: ${answer?.text ?? tail(run.logs())}`);
      },
      { timeoutMs, everyMs: 30 },
    );
  const end = async (signal: NodeJS.Signals): Promise<Exit> => (lives() ? run.end(signal) : run.exited);
  return {
    url,
    port,
    name,
    pid: run.child.pid!,
    exited: run.exited,
    get,
    logs: run.logs,
    lives,
    ready,
    signal: (signal) => void run.child.kill(signal),
    memoryMb: () => memoryOf(run.child.pid!),
    stop: async (signal = 'SIGTERM') => {
      const timer = setTimeout(() => run.child.kill('SIGKILL'), 30_000);
      const exit = await end(signal);
      clearTimeout(timer);
      if (exit.code !== 0) throw new Error(`${name} ended with ${JSON.stringify(exit)}\n${tail(run.logs())}`);
    },
    kill9: async () => void (await end('SIGKILL')),
    freeze: () => void run.child.kill('SIGSTOP'),
    thaw: () => void run.child.kill('SIGCONT'),
  };
}

const tail = (logs: string): string => logs.slice(-3_000);

function memoryOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}

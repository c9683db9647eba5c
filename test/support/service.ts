import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventually } from './eventually.js';
import { httpGet, type Answer } from './http.js';
import { freePort } from './ports.js';

const LOG_TAIL_CHARACTERS = 6_000;

export interface ServiceOptions {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Further settings; a value of undefined leaves the setting out. */
  readonly env?: Record<string, string | undefined>;
  /** The built program, when it is another version's. */
  readonly program?: string;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface TestService {
  readonly url: string;
  readonly port: number;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** Everything it has written so far, both streams. */
  logs(): string;
  /** Sends SIGTERM (or the signal given) and expects a clean end with exit code 0. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Ends it as a crash would; no exit hook runs. */
  kill9(): Promise<void>;
  /** SIGSTOP and SIGCONT: what is sent in between comes as one batch. */
  freeze(): void;
  thaw(): void;
}

/** Starts the built service as its own process and returns when it says that it is ready. */
export async function startService(options: ServiceOptions): Promise<TestService> {
  const port = await freePort();
  const settings = {
    PORTFOLIO_DATABASE_URL: options.databaseUrl,
    PORTFOLIO_REDIS_URL: options.redisUrl,
    PORTFOLIO_PORT: String(port),
    PORTFOLIO_HOST: '127.0.0.1',
    PORTFOLIO_LOG_LEVEL: 'info',
    PORTFOLIO_REPLICA: 'e2e',
    ...options.env,
  };
  const run = launch(settings, options.program);
  const url = `http://127.0.0.1:${port}`;
  const get = (path: string, headers?: Record<string, string>) => httpGet(url + path, headers);
  try {
    await Promise.race([eventually(() => isReady(get), { timeoutMs: 30_000, everyMs: 60 }), endedEarly(run)]);
  } catch (failure) {
    await killed(run);
    throw new Error(`${String(failure)}\n--- the end of its log\n${tail(run.logs())}`, { cause: failure });
  }
  // The race is won; when the service is stopped later, nobody is interested in how it lost.
  return {
    url,
    port,
    get,
    logs: run.logs,
    stop: (signal) => stopCleanly(run, signal),
    kill9: () => killed(run),
    freeze: () => void run.child.kill('SIGSTOP'),
    thaw: () => void run.child.kill('SIGCONT'),
  };
}

/** Runs the built service, or another built program, with exactly these settings until it ends by itself. */
export async function runToEnd(
  env: Record<string, string | undefined>,
  program = 'dist/main.js',
  args: readonly string[] = [],
  timeoutMs = 20_000,
): Promise<Exit & { logs: string }> {
  const run = launch(env, program, args);
  const timer = setTimeout(() => void run.end('SIGKILL'), timeoutMs);
  const exit = await run.exited;
  clearTimeout(timer);
  return { ...exit, logs: run.logs() };
}

/** A process of ours and what it wrote. */
export interface Run {
  readonly child: ChildProcess;
  readonly exited: Promise<Exit>;
  logs(): string;
  end(signal: NodeJS.Signals): Promise<Exit>;
}

/** Starts a built program with exactly these settings; `preload` is a module that Node reads before it. */
export function launch(
  settings: Record<string, string | undefined>,
  program = 'dist/main.js',
  args: readonly string[] = [],
  preload?: string,
): Run {
  const entry = resolve(program);
  if (!existsSync(entry)) throw new Error(`${program} is missing: build first`);
  const { PATH, HOME } = process.env;
  // Nothing of the test runner's own environment goes in, or a setting of the machine would decide a test.
  const env = Object.fromEntries(
    Object.entries({ PATH, HOME, ...settings }).filter(([, value]) => value !== undefined),
  );
  const before = preload === undefined ? [] : ['--import', pathToFileURL(resolve(preload)).href];
  const child = spawn(process.execPath, [...before, entry, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let written = '';
  child.stdout.on('data', (chunk: Buffer) => (written += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (written += chunk.toString()));
  const exited = once(child, 'close').then((): Exit => ({ code: child.exitCode, signal: child.signalCode }));
  const end = (signal: NodeJS.Signals): Promise<Exit> => {
    child.kill(signal);
    return exited;
  };
  return { child, exited, logs: () => written, end };
}

async function endedEarly(run: Run): Promise<never> {
  const exit = await run.exited;
  throw new Error(`the service ended while starting: code ${exit.code}, signal ${exit.signal}`);
}

async function isReady(get: (path: string) => Promise<Answer>): Promise<void> {
  const answer = await get('/health/ready');
  if (answer.status !== 200) throw new Error(`/health/ready says ${answer.status}: ${answer.text}`);
}

async function stopCleanly(run: Run, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (run.child.exitCode !== null || run.child.signalCode !== null) return;
  const timer = setTimeout(() => run.child.kill('SIGKILL'), 20_000);
  const exit = await run.end(signal);
  clearTimeout(timer);
  if (exit.code === 0) return;
  throw new Error(`after ${signal}: code ${exit.code}, signal ${exit.signal}\n${tail(run.logs())}`);
}

async function killed(run: Run): Promise<void> {
  if (run.child.exitCode !== null || run.child.signalCode !== null) return;
  await run.end('SIGKILL');
}

function tail(logs: string): string {
  return logs.slice(-LOG_TAIL_CHARACTERS);
}

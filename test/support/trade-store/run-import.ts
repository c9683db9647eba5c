import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

export interface EndedImport {
  readonly code: number | null;
  readonly output: string;
}

export interface RunningImport {
  readonly child: ChildProcess;
  output(): string;
  ended(): Promise<EndedImport>;
}

export interface ImportServers {
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

/** Starts the built `import:trades` as its own process. */
export function startImport(
  { databaseUrl, redisUrl }: ImportServers,
  args: readonly string[],
): RunningImport {
  const program = resolve('dist/import-trades.js');
  if (!existsSync(program)) throw new Error('dist/import-trades.js is missing: build first');
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, PORTFOLIO_DATABASE_URL: databaseUrl, PORTFOLIO_REDIS_URL: redisUrl };
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let written = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (written += chunk.toString()));
  const closed = once(child, 'close');
  return {
    child,
    output: () => written,
    ended: async () => {
      await closed;
      return { code: child.exitCode, output: written };
    },
  };
}

/** Runs it to its end. */
export function runImport(servers: ImportServers, ...args: readonly string[]): Promise<EndedImport> {
  return startImport(servers, args).ended();
}

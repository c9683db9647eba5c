import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client, type QueryResultRow } from 'pg';

/** Durable but for the loss of the whole machine: a process that is killed leaves what it wrote to the system. */
const FLAGS = ['fsync=off', 'full_page_writes=off', 'max_connections=40', 'max_wal_size=512MB'];

/** A Postgres of one test file alone: it may be killed. */
export interface PrivatePostgres {
  readonly url: string;
  /** Where its data lies. */
  readonly directory: string;
  query<Row extends QueryResultRow = QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** A connection of one's own, straight to the server. */
  connect(): Promise<Client>;
  /** Ends the postmaster: `SIGINT` = a fast shutdown, `SIGKILL` = a crash. */
  end(signal: NodeJS.Signals): Promise<void>;
  /** Whether the server runs. */
  lives(): boolean;
  /** Starts it again on what its disk holds; returns when it accepts connections. */
  startAgain(): Promise<void>;
  stop(): Promise<void>;
}

interface Host {
  readonly child: ChildProcess;
  readonly url: string;
  readonly pid: number;
}

/** Starts one on a free loopback port. `directory`: where its data lies, an empty folder if given. */
export async function startPostgres(directory?: string): Promise<PrivatePostgres> {
  const folder = directory ?? (await mkdtemp(join(tmpdir(), 'portfolio-faults-')));
  await chmod(folder, 0o711);
  let host = await startHost(folder);
  const connect = (): Promise<Client> => connected(host.url);
  return {
    url: host.url,
    directory: folder,
    connect,
    query: async <Row extends QueryResultRow>(sql: string, values: unknown[] = []) => {
      const client = await connect();
      try {
        return (await client.query<Row>(sql, values)).rows;
      } finally {
        await client.end();
      }
    },
    end: async (signal) => {
      const gone = once(host.child, 'exit');
      process.kill(host.pid, signal);
      await gone;
    },
    lives: () => host.child.exitCode === null,
    startAgain: async () => void (host = await startHost(folder)),
    stop: async () => {
      if (host.child.exitCode === null) {
        const gone = once(host.child, 'exit');
        host.child.stdin!.end();
        await gone;
      }
      if (directory === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // The server is ended under it on purpose; a query that fails rejects by itself.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function startHost(folder: string): Promise<Host> {
  const script = resolve('test/faults/support/postgres-host.mjs');
  const child = spawn(process.execPath, [script, folder, ...FLAGS], { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = once(child, 'exit').then(() => Promise.reject(new Error('Postgres did not start')));
  const [line] = (await Promise.race([once(child.stdout, 'data'), gone])) as [Buffer];
  // The race is won: when it is ended later that is on purpose.
  gone.catch(() => undefined);
  return { child, ...(JSON.parse(line.toString()) as Omit<Host, 'child'>) };
}

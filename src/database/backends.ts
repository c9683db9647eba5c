import type { ClientConfig } from 'pg';
import { Client } from 'pg';

/**
 * What Postgres says of one of our sessions. `working`: it is at our statement. `idle`: it has had nothing to do for so long that nothing is
 * on its way. `waiting`: it waits for us, perhaps only for what is on its way. `gone`: there is no such session.
 */
export type SessionState = 'working' | 'idle' | 'waiting' | 'gone' | 'unknown';

/** What is on its way has come by then. */
const ON_ITS_WAY_MS = 3_000;

interface SessionRow {
  readonly own: number;
  readonly pid: number | null;
  readonly state: string | null;
  readonly wait_event_type: string | null;
  readonly since_ms: number | null;
}

const LOOK = `SELECT pg_backend_pid() AS own, pid, state, wait_event_type,
    (extract(epoch FROM clock_timestamp() - state_change) * 1000)::float8 AS since_ms
  FROM (SELECT 1) AS one LEFT JOIN pg_stat_activity ON pid = ANY($1::int[])`;

/** The dead keep their locks, and their slots, for as long as the server does not know that they are dead. */
const END = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE pid = ANY($1::int[]) AND usename = session_user AND application_name = current_setting('application_name')`;

/** Asks Postgres about our own sessions, over a connection that was made for the question and is as new as it can be. */
export class Backends {
  constructor(private readonly config: ClientConfig) {}

  /** The state of each session, by its process id. Throws when Postgres cannot be asked. */
  async statesOf(pids: readonly number[]): Promise<ReadonlyMap<number, SessionState>> {
    return this.ask(async (client) => {
      const { rows } = await client.query<SessionRow>(LOOK, [pids]);
      // A pooler gives its clients numbers of its own: nothing can be said about sessions then.
      const isDirect = rows[0]?.own === (client as unknown as { processID: number }).processID;
      const found = new Map(rows.map((row) => [row.pid, row]));
      return new Map(pids.map((pid) => [pid, isDirect ? stateOf(found.get(pid)) : 'unknown']));
    });
  }

  /** Ends sessions of ours whose connections are dead. */
  async end(pids: readonly number[]): Promise<void> {
    await this.ask((client) => client.query(END, [pids]));
  }

  private async ask<T>(question: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client(this.config);
    // A connection that ends under a question makes the question fail, which says the same.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await question(client);
    } finally {
      void client.end().catch(() => undefined);
    }
  }
}

function stateOf(row: SessionRow | undefined): SessionState {
  if (!row) return 'gone';
  const { state, wait_event_type: waitsFor, since_ms: sinceMs } = row;
  if (state?.startsWith('idle')) return (sinceMs ?? 0) >= ON_ITS_WAY_MS ? 'idle' : 'waiting';
  if (state === 'active') return waitsFor === 'Client' ? 'waiting' : 'working';
  return 'unknown';
}

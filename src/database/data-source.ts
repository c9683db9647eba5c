import { readFileSync } from 'node:fs';
import { DataSource } from 'typeorm';
import type { Config } from '../config.js';
import { Backends } from './backends.js';
import { allMigrations } from './migrations.js';

type DatabaseSettings = Pick<
  Config,
  | 'DATABASE_URL'
  | 'DATABASE_POOL'
  | 'DATABASE_CA_FILE'
  | 'DATABASE_STATEMENT_TIMEOUT_MS'
  | 'DATABASE_LOCK_TIMEOUT_MS'
>;

const APPLICATION_NAME = 'portfolio_intelligence';

/** The pool of the process. Connections are made lazily; statements and locks have limits, so nothing waits for ever. */
export function createDataSource(config: DatabaseSettings): DataSource {
  return new DataSource({
    type: 'postgres',
    url: addressOf(config),
    migrations: allMigrations(),
    migrationsTableName: 'migrations',
    poolSize: config.DATABASE_POOL,
    applicationName: APPLICATION_NAME,
    connectTimeoutMS: 5_000,
    extra: {
      ...tlsOf(config),
      statement_timeout: config.DATABASE_STATEMENT_TIMEOUT_MS,
      lock_timeout: config.DATABASE_LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 5_000,
      // The server's side of the same: a session whose client is gone without a word ends, and gives back its locks, after about ten seconds.
      options:
        '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c tcp_user_timeout=10000',
      // Statements leave one behind the other without waiting for answers: see `Transaction.send`. A connection on which one was not
      // answered in time is cut by the driver then, and never used again.
      pipeline: true,
      // A network that swallows answers is no answer either.
      query_timeout: 2 * config.DATABASE_STATEMENT_TIMEOUT_MS,
    },
  });
}

/** Asks about the sessions of that pool. It answers at once or not at all, and is never one of those that it asks about. */
export function createBackends(config: DatabaseSettings): Backends {
  return new Backends({
    connectionString: addressOf(config),
    ...tlsOf(config),
    application_name: APPLICATION_NAME,
    connectionTimeoutMillis: 2_000,
    query_timeout: 2_000,
    statement_timeout: 2_000,
  });
}

/** A CA of one's own is for one server: its certificate and its name are checked, whatever the URL's own `sslmode` says. */
function tlsOf({ DATABASE_CA_FILE }: DatabaseSettings): object {
  return DATABASE_CA_FILE
    ? { ssl: { ca: readFileSync(DATABASE_CA_FILE, 'utf8'), rejectUnauthorized: true } }
    : {};
}

/** What the driver reads out of the URL wins over everything else, so a CA file takes the URL's word on TLS out. */
function addressOf({ DATABASE_URL, DATABASE_CA_FILE }: DatabaseSettings): string {
  if (!DATABASE_CA_FILE) return DATABASE_URL;
  const url = new URL(DATABASE_URL);
  for (const name of ['ssl', 'sslmode', 'sslrootcert']) url.searchParams.delete(name);
  return url.href;
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DataSource } from 'typeorm';
import type { Config } from '../config.js';

/** The folder of the SQL migrations: beside `dist` and beside `src` alike. */
const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));
/** Any fixed number: replicas that migrate at once queue behind this advisory lock, because TypeORM takes none. */
const MIGRATION_LOCK = 70_048_004;

/** One migration a file, `<timestamp>-<name>.sql`: plain SQL, forward only. TypeORM wants a class for each. */
function migrationOf(file: string): new () => MigrationInterface {
  const [timestamp, name] = file.replace('.sql', '').split('-');
  const sql = readFileSync(join(MIGRATIONS, file), 'utf8');
  class SqlMigration implements MigrationInterface {
    name = `${name}${timestamp}`;
    async up(runner: QueryRunner): Promise<void> {
      await runner.query(sql);
    }
    down(): Promise<void> {
      return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
    }
  }
  return SqlMigration;
}

type DatabaseSettings = Pick<
  Config,
  | 'DATABASE_URL'
  | 'DATABASE_POOL'
  | 'DATABASE_CA_FILE'
  | 'DATABASE_STATEMENT_TIMEOUT_MS'
  | 'DATABASE_LOCK_TIMEOUT_MS'
>;

/** The pool of the process. Connections are made lazily; statements and locks have limits, so nothing waits for ever. */
export function createDataSource(config: DatabaseSettings): DataSource {
  const files = readdirSync(MIGRATIONS).filter((file) => file.endsWith('.sql'));
  return new DataSource({
    type: 'postgres',
    url: addressOf(config),
    migrations: files.sort().map(migrationOf),
    migrationsTableName: 'migrations',
    poolSize: config.DATABASE_POOL,
    applicationName: 'portfolio_intelligence',
    connectTimeoutMS: 5_000,
    extra: {
      ...tlsOf(config),
      statement_timeout: config.DATABASE_STATEMENT_TIMEOUT_MS,
      lock_timeout: config.DATABASE_LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
      // Statements leave one behind the other without waiting for answers: see `Transaction.send`.
      pipeline: true,
      // A network that swallows answers is no answer either.
      query_timeout: 2 * config.DATABASE_STATEMENT_TIMEOUT_MS,
    },
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

/** Brings the schema to the newest version, one replica at a time. Returns the names of what was applied. */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  const lock = dataSource.createQueryRunner();
  try {
    await lock.query('SET lock_timeout = 0; SET statement_timeout = 0');
    await lock.query(`SELECT pg_advisory_lock(${MIGRATION_LOCK})`);
    const applied = await dataSource.runMigrations({ transaction: 'each' });
    await lock.query(`SELECT pg_advisory_unlock(${MIGRATION_LOCK})`);
    await lock.query('RESET lock_timeout; RESET statement_timeout');
    return applied.map((migration) => migration.name);
  } finally {
    await lock.release();
  }
}

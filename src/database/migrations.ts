import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { PoolClient, QueryConfig } from 'pg';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { codeOf } from '../shared/errors.js';
import { PROJECT_FOLDER } from '../shared/project-folder.js';

const MIGRATIONS = join(PROJECT_FOLDER, 'migrations');
/** Any fixed number: replicas that migrate at once queue behind this advisory lock, because TypeORM takes none. */
const MIGRATION_LOCK = 70_048_004;
/** Deadlock, lock timeout: an older replica is at work on the same tables, and will be done with them. */
const IN_THE_WAY: ReadonlySet<string | null> = new Set(['40P01', '55P03']);
/** All trades queue behind a migration that waits for a table, so it does not wait long, and lets them pass before it tries again. */
const LOCK_WAIT_MS = 2_000;
const LET_PASS_MS = 1_000;
const MOST_TRIES = 60;
/** The driver's own limit for an answer is one for trades; making an index may take hours. */
const NO_LIMIT_MS = 2 ** 31 - 1;

/** All migrations, in their order. */
export function allMigrations(): (new () => MigrationInterface)[] {
  const files = readdirSync(MIGRATIONS).filter((file) => file.endsWith('.sql'));
  return files.sort().map(migrationOf);
}

/** One migration a file, `<timestamp>-<name>.sql`: plain SQL, forward only. TypeORM wants a class for each. */
function migrationOf(file: string): new () => MigrationInterface {
  const [timestamp, name] = file.replace('.sql', '').split('-');
  const sql = readFileSync(join(MIGRATIONS, file), 'utf8');
  class SqlMigration implements MigrationInterface {
    name = `${name}${timestamp}`;
    up(runner: QueryRunner): Promise<void> {
      return apply(runner, sql);
    }
    down(): Promise<void> {
      return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
    }
  }
  return SqlMigration;
}

/** Runs a migration in the transaction that is open. One that is in the way of trades gives up all its locks and tries again. */
async function apply(runner: QueryRunner, sql: string): Promise<void> {
  const run = patient((await runner.connect()) as PoolClient);
  await run(`SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = ${LOCK_WAIT_MS}`);
  for (let attempt = 1; ; attempt += 1) {
    await run('SAVEPOINT before_it');
    try {
      return void (await run(sql));
    } catch (error) {
      if (!IN_THE_WAY.has(codeOf(error)) || attempt === MOST_TRIES) throw error;
      await run('ROLLBACK TO SAVEPOINT before_it');
      await pause(LET_PASS_MS);
    }
  }
}

/** Brings the schema to the newest version, one replica at a time. Returns the names of what was applied. */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  const lock = dataSource.createQueryRunner();
  const run = patient((await lock.connect()) as PoolClient);
  try {
    await run('SET lock_timeout = 0; SET statement_timeout = 0');
    await run(`SELECT pg_advisory_lock(${MIGRATION_LOCK})`);
    const applied = await dataSource.runMigrations({ transaction: 'each' });
    return applied.map((migration) => migration.name);
  } finally {
    // The session goes back to the pool and would keep the lock from whoever tries next. One that is gone holds none.
    await run(
      `SELECT pg_advisory_unlock(${MIGRATION_LOCK}); RESET lock_timeout; RESET statement_timeout`,
    ).catch(() => undefined);
    await lock.release();
  }
}

function patient(client: PoolClient): (text: string) => Promise<unknown> {
  // The types do not know it, the driver does.
  return (text) => client.query({ text, query_timeout: NO_LIMIT_MS } as QueryConfig);
}

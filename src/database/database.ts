import type { OnApplicationShutdown } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import type { PoolClient, QueryConfig } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DataSource } from 'typeorm';
import { TransientError, messageOf } from '../shared/errors.js';

/** One open transaction: everything asked through it is committed or rolled back together. */
export interface Transaction {
  /** Runs a statement and returns its rows. A `name` makes it prepared once per connection. */
  query<Row extends object = Record<string, unknown>>(
    statement: string | QueryConfig,
    values?: unknown[],
  ): Promise<Row[]>;
  /** Appends rows in COPY's text form (see copyField) to `target`, a table with its columns; a row that is there already fails. */
  append(target: string, rows: string): Promise<void>;
}

/** COMMIT itself failed: whether it took effect is unknown. Nothing may be acknowledged; redelivery decides. */
export class CommitUnknownError extends TransientError {}

/** Transactions and single statements on the one pool of the process. */
@Injectable()
export class Database implements OnApplicationShutdown {
  constructor(private readonly dataSource: DataSource) {}

  /** Runs `work` in one transaction. Rolls back and rethrows when it throws; throws CommitUnknownError when COMMIT fails. */
  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const client = (await runner.connect()) as PoolClient;
    const statements = new Statements(client);
    try {
      await client.query('BEGIN');
      const result = await this.orRollBack(client, statements, () => work(statements));
      await statements.all();
      await commit(client);
      return result;
    } finally {
      await runner.release();
    }
  }

  async query<Row extends object = Record<string, unknown>>(
    statement: string,
    values: unknown[] = [],
  ): Promise<Row[]> {
    const runner = this.dataSource.createQueryRunner();
    try {
      const client = (await runner.connect()) as PoolClient;
      return (await client.query<Row>(statement, values)).rows;
    } finally {
      await runner.release();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }

  private async orRollBack<T>(
    client: PoolClient,
    statements: Statements,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await statements.all();
      // The connection may be what failed; the server rolls back by itself when it is gone, and the first error matters.
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }
}

/**
 * The statements of one transaction, one after another in the order they were asked for, however many are asked for at once: so the next
 * can be put together while Postgres is at the one before.
 */
class Statements implements Transaction {
  private tail: Promise<unknown> = Promise.resolve();

  constructor(private readonly client: PoolClient) {}

  query<Row extends object>(statement: string | QueryConfig, values?: unknown[]): Promise<Row[]> {
    return this.next(async () => (await this.client.query<Row>(statement as string, values)).rows);
  }

  append(target: string, rows: string): Promise<void> {
    return this.next(
      () =>
        new Promise((resolve, reject) => {
          const copy = this.client.query(copyFrom(`COPY ${target} FROM STDIN`));
          copy.once('error', reject).once('finish', resolve);
          copy.end(rows);
        }),
    );
  }

  /** Resolves when nothing is under way, whatever became of it: who asked was told. */
  async all(): Promise<void> {
    await this.tail;
  }

  private next<T>(ask: () => Promise<T>): Promise<T> {
    const answer = this.tail.then(ask);
    this.tail = answer.catch(() => undefined);
    return answer;
  }
}

async function commit(client: PoolClient): Promise<void> {
  try {
    await client.query('COMMIT');
  } catch (error) {
    throw new CommitUnknownError(`commit: ${messageOf(error)}`, { cause: error });
  }
}

import type { OnApplicationShutdown } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import type { PoolClient, QueryConfig } from 'pg';
import { DataSource } from 'typeorm';
import { TransientError, messageOf } from '../shared/errors.js';

/** One open transaction: everything asked through it is committed or rolled back together. */
export interface Transaction {
  /** Runs a statement and returns its rows. A `name` makes it prepared once per connection. */
  query<Row extends object = Record<string, unknown>>(
    statement: string | QueryConfig,
    values?: unknown[],
  ): Promise<Row[]>;
}

/** COMMIT itself failed: whether it took effect is unknown. Nothing may be acknowledged; redelivery decides. */
export class CommitUnknownError extends TransientError {}

/** Transactions and single statements on the one pool of the process. */
@Injectable()
export class Database implements OnApplicationShutdown {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs `work` in one transaction. Rolls back and rethrows when it throws; throws CommitUnknownError when COMMIT fails. `statementMs`: its
   * statements may take this long, and not what the settings say.
   */
  async transaction<T>(work: (tx: Transaction) => Promise<T>, statementMs: number | null = null): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const client = (await runner.connect()) as PoolClient;
    try {
      await client.query('BEGIN');
      const result = await this.orRollBack(client, async () => {
        if (statementMs !== null) await client.query(longer(statementMs));
        return work(transactionOn(client, statementMs));
      });
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

  private async orRollBack<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      // The connection may be what failed; the server rolls back by itself when it is gone, and the first error matters.
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }
}

function transactionOn(client: PoolClient, statementMs: number | null): Transaction {
  // The driver has a limit of its own, and takes another one with each statement.
  const limit = statementMs === null ? null : { query_timeout: 2 * statementMs };
  return {
    async query<Row extends object>(statement: string | QueryConfig, values?: unknown[]) {
      if (limit === null) return (await client.query<Row>(statement as string, values)).rows;
      const config = typeof statement === 'string' ? { text: statement } : statement;
      return (await client.query<Row>({ ...config, ...(values && { values }), ...limit })).rows;
    },
  };
}

/** What is long to write was long to compute: the pause between two statements may be as long. */
function longer(ms: number): string {
  return `SET LOCAL statement_timeout = ${ms}; SET LOCAL idle_in_transaction_session_timeout = ${Math.max(ms, 60_000)}`;
}

async function commit(client: PoolClient): Promise<void> {
  try {
    await client.query('COMMIT');
  } catch (error) {
    throw new CommitUnknownError(`commit: ${messageOf(error)}`, { cause: error });
  }
}

import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Database } from '../../database/database.js';
import { Clock } from '../../shared/clock.js';
import { isoOf } from '../../shared/periods.js';
import type { ImportReport } from './import-report.js';

/** Any fixed number: whoever holds this advisory lock of the database imports, and nobody else does meanwhile. */
const IMPORT_LOCK = 70_048_030;

/** The latest import of a store into an account, as the database remembers it. */
export interface RecordedImport {
  readonly store: string;
  readonly startedAt: string;
  /** null = it is under way, or was cut off. */
  readonly finishedAt: string | null;
  readonly rowsRead: number;
  readonly rowsTaken: number;
  readonly rowsRefused: number;
  readonly error: string | null;
}

/** What the database knows of imports: that one is under way, and what became of the latest. */
@Injectable()
export class ImportRecord {
  constructor(
    private readonly database: Database,
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Runs `work` while no other process imports; null = another one does. */
  async alone<T>(work: () => Promise<T>): Promise<T | null> {
    const session = this.dataSource.createQueryRunner();
    try {
      const asked = (await session.query(`SELECT pg_try_advisory_lock(${IMPORT_LOCK}) AS held`)) as {
        held: boolean;
      }[];
      if (!asked[0]?.held) return null;
      try {
        return await work();
      } finally {
        // A connection that is gone has given the lock back already.
        await session.query(`SELECT pg_advisory_unlock(${IMPORT_LOCK})`).catch(() => undefined);
      }
    } finally {
      await session.release();
    }
  }

  async started(accountId: string, store: string): Promise<void> {
    await this.database.query(
      `INSERT INTO trade_store_imports (account_id, store, started_at, rows_read, rows_taken, rows_refused)
       VALUES ($1, $2, $3, 0, 0, 0) ON CONFLICT (account_id, store) DO UPDATE SET
         started_at = EXCLUDED.started_at, finished_at = NULL, rows_read = 0, rows_taken = 0, rows_refused = 0, error = NULL`,
      [accountId, store, isoOf(this.clock.now())],
    );
  }

  /** Writes down how far it came, and the end of it: with `error` when it did not come to its end. */
  async ended(accountId: string, store: string, report: ImportReport, error: string | null): Promise<void> {
    await this.database.query(
      `UPDATE trade_store_imports SET finished_at = $3, rows_read = $4, rows_taken = $5, rows_refused = $6, error = $7
       WHERE account_id = $1 AND store = $2`,
      [
        ...[accountId, store, error === null ? isoOf(this.clock.now()) : null],
        ...[report.rows, report.of('taken') + report.of('supplemented'), report.objections, error],
      ],
    );
  }

  async latest(accountId: string, store: string): Promise<RecordedImport | null> {
    const [row] = await this.database.query<Record<string, string | null>>(
      `SELECT to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS started,
              to_char(finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS finished,
              rows_read::text, rows_taken::text, rows_refused::text, error
       FROM trade_store_imports WHERE account_id = $1 AND store = $2`,
      [accountId, store],
    );
    if (!row) return null;
    return {
      store,
      startedAt: row['started']!,
      finishedAt: row['finished'] ?? null,
      rowsRead: Number(row['rows_read']),
      rowsTaken: Number(row['rows_taken']),
      rowsRefused: Number(row['rows_refused']),
      error: row['error'] ?? null,
    };
  }
}

import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../database/database.js';
import { Database } from '../../database/database.js';

/** How far an account's history was taken, ms by the exchange's clock. */
export interface Cursor {
  /** What happened before is inside the opening wallet report and is never booked. */
  readonly beganMs: number;
  /** All up to here is in the ledger. */
  readonly coveredMs: number;
}

/** The places in the exchange's history up to which the ledger has it. */
@Injectable()
export class Cursors {
  constructor(private readonly database: Database) {}

  /** null = this exchange was never read for this account. */
  async find(accountId: string, venue: string): Promise<Cursor | null> {
    const [row] = await this.database.query<{ began_ms: string; covered_ms: string }>(
      'SELECT began_ms::text, covered_ms::text FROM exchange_cursors WHERE account_id = $1 AND venue = $2',
      [accountId, venue],
    );
    return row ? { beganMs: Number(row.began_ms), coveredMs: Number(row.covered_ms) } : null;
  }

  /** The other exchange whose history this account has; null = none. Testnet and live are two. */
  async otherVenue(accountId: string, venue: string): Promise<string | null> {
    const [row] = await this.database.query<{ venue: string }>(
      'SELECT venue FROM exchange_cursors WHERE account_id = $1 AND venue <> $2 LIMIT 1',
      [accountId, venue],
    );
    return row?.venue ?? null;
  }

  /** Saved with the facts it covers; it never goes back, and the beginning never changes. */
  async save(tx: Transaction, accountId: string, venue: string, cursor: Cursor): Promise<void> {
    await tx.query(
      `INSERT INTO exchange_cursors (account_id, venue, began_ms, covered_ms) VALUES ($1, $2, $3, $4)
       ON CONFLICT (account_id, venue) DO UPDATE
       SET covered_ms = greatest(exchange_cursors.covered_ms, EXCLUDED.covered_ms), updated_at = now()`,
      [accountId, venue, cursor.beganMs, cursor.coveredMs],
    );
  }
}

import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Difference } from './domain/differences.js';

/** How many differences each account has, on every replica, for those who answer from memory. */
@Injectable()
export class IntegrityBoard {
  private stored = new Map<string, number>();
  private readonly book = new Map<string, readonly Difference[]>();
  /** When the replica that leads was last at work on it, in microseconds; null = never. */
  seenAt: number | null = null;
  /** What the last whole round took; null = none was made yet. */
  lastRoundSeconds: number | null = null;

  constructor(private readonly database: Database) {}

  /** Of the account's rows, and of this replica's memory of it. */
  differencesOf(accountId: string): number {
    return this.storedDifferencesOf(accountId) + this.bookDifferencesOf(accountId).length;
  }

  storedDifferencesOf(accountId: string): number {
    return this.stored.get(accountId) ?? 0;
  }

  bookDifferencesOf(accountId: string): readonly Difference[] {
    return this.book.get(accountId) ?? [];
  }

  setBook(accountId: string, differences: readonly Difference[]): void {
    if (differences.length === 0) this.book.delete(accountId);
    else this.book.set(accountId, differences);
  }

  get total(): number {
    const accounts = new Set([...this.stored.keys(), ...this.book.keys()]);
    return [...accounts].reduce((sum, accountId) => sum + this.differencesOf(accountId), 0);
  }

  /** Reads what the replica that leads wrote down. */
  async follow(): Promise<void> {
    const [progress] = await this.database.query<{ seen: string | null; seconds: number | null }>(
      `SELECT (extract(epoch FROM seen_at) * 1000000)::bigint::text AS seen, last_round_seconds AS seconds FROM integrity_progress`,
    );
    const rows = await this.database.query<{ account_id: string; total: string }>(
      'SELECT account_id, sum(total)::text AS total FROM integrity_findings GROUP BY account_id',
    );
    this.stored = new Map(rows.map(({ account_id, total }) => [account_id, Number(total)]));
    this.seenAt = progress?.seen ? Number(progress.seen) : null;
    this.lastRoundSeconds = progress?.seconds ?? null;
  }
}

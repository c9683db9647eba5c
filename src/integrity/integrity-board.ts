import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

/** How many differences each account has, on every replica, for those who answer from memory. */
@Injectable()
export class IntegrityBoard {
  private stored = new Map<string, number>();
  /** When the replica that leads was last at work on it, in microseconds; null = never. */
  seenAt: number | null = null;
  lastRoundSeconds: number | null = null;

  constructor(private readonly database: Database) {}

  differencesOf(accountId: string): number {
    return this.stored.get(accountId) ?? 0;
  }

  get total(): number {
    return [...this.stored.values()].reduce((sum, count) => sum + count, 0);
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

import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

/** Every reader learns this often how far the round is. */
const WRITTEN_EVERY_MS = 2_000;

/** How far the round is: written down now and then, so that every replica can tell, and so that silence shows. */
@Injectable()
export class IntegrityProgress {
  private startedAt = 0;
  private slices = 0;
  private accounts = 0;
  private accountsTotal = 0;
  private lastRoundSeconds: number | null = null;
  private writtenAt = 0;

  constructor(private readonly database: Database) {}

  begin(accounts: number): void {
    this.startedAt = Date.now();
    [this.slices, this.accounts, this.accountsTotal] = [0, 0, accounts];
  }

  /** One look of the round was done. */
  step(): void {
    this.slices += 1;
  }

  account(): void {
    this.accounts += 1;
  }

  end(): void {
    this.lastRoundSeconds = (Date.now() - this.startedAt) / 1000;
    this.writtenAt = 0;
  }

  /** Milliseconds since the round began. */
  get age(): number {
    return Date.now() - this.startedAt;
  }

  async write(): Promise<void> {
    if (Date.now() - this.writtenAt < WRITTEN_EVERY_MS) return;
    this.writtenAt = Date.now();
    await this.database.query(
      `UPDATE integrity_progress SET round_started_at = to_timestamp($1::double precision / 1000), slices_done = $2,
         accounts_done = $3, accounts_total = $4, last_round_seconds = COALESCE($5, last_round_seconds), seen_at = clock_timestamp()`,
      [this.startedAt, this.slices, this.accounts, this.accountsTotal, this.lastRoundSeconds],
    );
  }
}

import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/database.js';
import { Database } from '../database/database.js';
import { isoOf, microsOf } from '../shared/periods.js';
import type { Announced } from './domain/crossing.js';
import type { LimitName } from './domain/limit.js';

/** What was announced of one limit of an account and is not over. */
export interface AnnouncedLimit {
  readonly limit: LimitName;
  readonly symbol: string | null;
  readonly state: Announced;
  /** When it was announced, microseconds since the epoch. */
  readonly since: number;
}

interface Row {
  readonly account_id: string;
  readonly limit_name: LimitName;
  readonly symbol: string;
  readonly state: Announced;
  readonly since: string;
}

const SELECT = `SELECT account_id, limit_name, symbol, state,
  to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS since FROM limit_states`;

/** By `limitKey`: what is announced of an account. */
export type AnnouncedLimits = ReadonlyMap<string, AnnouncedLimit>;

export const limitKey = ({ limit, symbol }: Pick<AnnouncedLimit, 'limit' | 'symbol'>) =>
  `${limit} ${symbol ?? ''}`;

/** What was announced of limits: durable, so that a crossing is told once and not again after a restart. */
@Injectable()
export class LimitStates {
  private byAccount: ReadonlyMap<string, AnnouncedLimits> = new Map();

  constructor(private readonly database: Database) {}

  /** As of the last look into the database. */
  of(accountId: string): AnnouncedLimits {
    return this.byAccount.get(accountId) ?? new Map();
  }

  /** Whether anything is announced of any account. */
  get isEmpty(): boolean {
    return this.byAccount.size === 0;
  }

  /** Looks again. */
  async follow(): Promise<void> {
    this.byAccount = grouped(await this.database.query<Row>(SELECT));
  }

  /** As the database says inside a transaction that holds the account's lock. */
  async read(tx: Transaction, accountId: string): Promise<AnnouncedLimits> {
    const rows = await tx.query<Row>(`${SELECT} WHERE account_id = $1`, [accountId]);
    return grouped(rows).get(accountId) ?? new Map();
  }

  /** Writes what became of a limit; a state of null = nothing is announced of it any more. */
  async write(
    tx: Transaction,
    accountId: string,
    { limit, symbol, state, since }: Omit<AnnouncedLimit, 'state'> & { readonly state: Announced | null },
  ): Promise<void> {
    if (state === null) {
      await tx.query('DELETE FROM limit_states WHERE account_id = $1 AND limit_name = $2 AND symbol = $3', [
        ...[accountId, limit, symbol ?? ''],
      ]);
      return;
    }
    await tx.query(
      `INSERT INTO limit_states (account_id, limit_name, symbol, state, since) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (account_id, limit_name, symbol) DO UPDATE SET state = EXCLUDED.state, since = EXCLUDED.since`,
      [accountId, limit, symbol ?? '', state, isoOf(since)],
    );
  }
}

function grouped(rows: readonly Row[]): Map<string, Map<string, AnnouncedLimit>> {
  const byAccount = new Map<string, Map<string, AnnouncedLimit>>();
  for (const row of rows) {
    const one = {
      limit: row.limit_name,
      symbol: row.symbol === '' ? null : row.symbol,
      state: row.state,
      since: microsOf(row.since),
    };
    const limits = byAccount.get(row.account_id) ?? new Map<string, AnnouncedLimit>();
    byAccount.set(row.account_id, limits.set(limitKey(one), one));
  }
  return byAccount;
}

import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/database.js';
import { Decimal } from '../shared/decimal.js';
import { MICROS_PER_SECOND, isoOf, microsOf } from '../shared/periods.js';
import type { TimedFlow } from '../pnl/domain/returns/period-return.js';
import { CANDLES } from './curve-projection.js';
import type { EquityCandle } from './domain/equity-candle.js';

const MINUTE = 60 * MICROS_PER_SECOND;

type Asked = Pick<Transaction, 'query'>;
type Recent = ReadonlyMap<number, EquityCandle>;

/** What an account's candles tell of the past. `recent` are those in memory, which may be ahead of the database. */
@Injectable()
export class CandleHistory {
  /** The last candle that ended at or before each edge; undefined where none did. What it closed at was carried over the edge. */
  async lastBefore(
    database: Asked,
    accountId: string,
    edges: readonly number[],
    recent: Recent,
  ): Promise<ReadonlyMap<number, EquityCandle>> {
    const rows = await CANDLES.select(
      database,
      `account_id = $1 AND minute IN (
         SELECT (SELECT max(minute) FROM equity_candles WHERE account_id = $1 AND minute <= edge) FROM unnest($2::timestamptz[]) AS edge)`,
      [accountId, edges.map((edge) => isoOf(edge - MINUTE))],
    );
    const known = [...rows.filter(({ minute }) => !recent.has(minute)), ...recent.values()];
    known.sort((a, b) => a.minute - b.minute);
    const found = edges.map(
      (edge) => [edge, known.findLast(({ minute }) => minute + MINUTE <= edge)] as const,
    );
    return new Map(found.filter((pair): pair is [number, EquityCandle] => pair[1] !== undefined));
  }

  /** The start of the first minute in which the account was seen to be worth anything; null before there was one. */
  async firstMinute(database: Asked, accountId: string, recent: Recent): Promise<number | null> {
    const [row] = await database.query<{ minute: string | null }>(
      `SELECT to_char(min(minute) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS minute FROM equity_candles WHERE account_id = $1`,
      [accountId],
    );
    const minutes = [...recent.keys(), ...(row?.minute ? [microsOf(row.minute)] : [])];
    return minutes.length > 0 ? Math.min(...minutes) : null;
  }

  /** Money that moved in or out when the curve took it in, oldest first: that is when the fact came, whenever it was dated. */
  async flowsBetween(database: Asked, accountId: string, from: number, to: number): Promise<TimedFlow[]> {
    const rows = await database.query<{ amount: string; at: string }>(
      `SELECT f.amount::text AS amount, to_char(l.received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at
       FROM cash_flows f JOIN ledger l USING (account_id, version)
       WHERE account_id = $1 AND l.received_at >= $2 AND l.received_at < $3 ORDER BY l.received_at, version`,
      [accountId, isoOf(from), isoOf(to)],
    );
    return rows.map(({ amount, at }) => ({ amount: Decimal.stored(amount), at: microsOf(at) }));
  }
}

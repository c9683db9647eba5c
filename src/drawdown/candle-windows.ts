import type { Transaction } from '../database/database.js';
import { Decimal } from '../shared/decimal.js';
import type { Calendar } from '../shared/periods.js';
import { isoOf, microsOf } from '../shared/periods.js';
import type { Resolution } from './domain/candle-window.js';
import { windowAt } from './domain/candle-window.js';
import type { EquityCandle } from './domain/equity-candle.js';

/** Which stored windows: the last `limit` of those that have a part between `from` (null = ever) and `to`, each of them whole. */
export interface WindowsAsked {
  readonly accountId: string;
  readonly resolution: Resolution;
  readonly from: number | null;
  readonly to: number;
  readonly limit: number;
}

/** The zone whose days are meant, by name for Postgres and as its calendar. */
export interface Zone {
  readonly name: string;
  readonly calendar: Calendar;
}

/** Where the window of a minute begins. */
const WINDOW: Readonly<Record<Resolution, string>> = {
  '1m': 'minute',
  '5m': `date_bin('5 minutes', minute, 'epoch')`,
  '1h': `date_bin('1 hour', minute, 'epoch')`,
  '1d': `date_trunc('day', minute, $5)`,
};

const moment = (value: string) => `to_char(${value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

/** $1 account, minutes from $2 to before $3, $4 windows at most, $5 zone. The first open, the extremes, the last close of each. */
const sqlOf = (resolution: Resolution) => `
  WITH windows AS (
    SELECT ${WINDOW[resolution]} AS start, min(minute) AS opens, max(minute) AS closes,
      max(equity_high) AS equity_high, min(equity_low) AS equity_low, max(index_high) AS index_high, min(index_low) AS index_low,
      max(drawdown_high) AS drawdown_high, min(drawdown_low) AS drawdown_low
    FROM equity_candles WHERE account_id = $1 AND minute >= $2::timestamptz AND minute < $3::timestamptz AND $5::text IS NOT NULL
    GROUP BY 1 ORDER BY 1 DESC LIMIT $4
  )
  SELECT ${moment('w.start')} AS "minute", o.equity_open::text AS "equityOpen", w.equity_high::text AS "equityHigh",
    w.equity_low::text AS "equityLow", c.equity_close::text AS "equityClose", o.index_open::text AS "indexOpen",
    w.index_high::text AS "indexHigh", w.index_low::text AS "indexLow", c.index_close::text AS "indexClose",
    c.growth_close::text AS "growthClose", w.drawdown_high::text AS "drawdownHigh", w.drawdown_low::text AS "drawdownLow",
    c.series, c.ruins
  FROM windows w
    JOIN equity_candles o ON o.account_id = $1 AND o.minute = w.opens
    JOIN equity_candles c ON c.account_id = $1 AND c.minute = w.closes
  ORDER BY w.start DESC`;

type Row = Readonly<Record<string, string | number>>;

/**
 * Windows, the newest first. Only as far back is looked as `limit` windows without gaps would reach, then again from the candle before,
 * eight times as far each time: years of minutes are not read for the last hour of them.
 */
export async function windowsBefore(
  database: Pick<Transaction, 'query'>,
  asked: WindowsAsked,
  zone: Zone,
): Promise<EquityCandle[]> {
  const window = (at: number) => windowAt(zone.calendar, asked.resolution, at);
  const floor = asked.from === null ? null : window(asked.from).from;
  const found: EquityCandle[] = [];
  let to = window(asked.to - 1).to;
  for (let windows = asked.limit; found.length < asked.limit; windows *= 8) {
    const newest = await newestBefore(database, asked.accountId, floor, to);
    if (newest === null) return found;
    const span = window(newest);
    const reached = window(newest - windows * (span.to - span.from)).from;
    const from = floor === null ? reached : Math.max(floor, reached);
    const values = [asked.accountId, isoOf(from), isoOf(span.to), asked.limit - found.length, zone.name];
    found.push(...(await database.query<Row>(sqlOf(asked.resolution), values)).map(candleOf));
    to = from;
  }
  return found;
}

/** The newest minute from `from` (null = ever) to before `to` that has a candle; null = none has. */
async function newestBefore(
  database: Pick<Transaction, 'query'>,
  accountId: string,
  from: number | null,
  to: number,
): Promise<number | null> {
  const [row] = await database.query<{ minute: string | null }>(
    `SELECT ${moment('max(minute)')} AS minute FROM equity_candles
     WHERE account_id = $1 AND minute >= $2::timestamptz AND minute < $3::timestamptz`,
    [accountId, from === null ? '-infinity' : isoOf(from), isoOf(to)],
  );
  return row?.minute ? microsOf(row.minute) : null;
}

function candleOf({ minute, series, ruins, ...amounts }: Row): EquityCandle {
  const exact = Object.entries(amounts).map(([name, text]) => [name, Decimal.stored(text as string)]);
  return {
    ...(Object.fromEntries(exact) as Omit<EquityCandle, 'minute' | 'series' | 'ruins'>),
    minute: microsOf(minute as string),
    series: series as number,
    ruins: ruins as number,
  };
}

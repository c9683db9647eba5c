import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import { Database } from '../../database/database.js';
import { AccountReader } from '../../ledger/account-reader.js';
import { Decimal } from '../../shared/decimal.js';
import { MICROS_PER_SECOND, microsOf } from '../../shared/periods.js';

/** One stay below a peak, by the minute. Times are the beginnings of minutes, in microseconds. */
export interface DrawdownEpisode {
  /** When the peak was last touched. */
  readonly peakAt: number;
  /** When it was deepest, first. */
  readonly troughAt: number;
  /** When the peak was reached again; null while it is not, and when the series ended first. */
  readonly recoveredAt: number | null;
  /** True when it lasts until now. */
  readonly running: boolean;
  /** The deepest fall from the peak as it was seen at every change of equity: percent, > 0. */
  readonly depthPct: Decimal;
  /** From the peak's last touch until it was reached again, until now, or until the series ended. */
  readonly underwaterSeconds: number;
}

export interface Drawdowns {
  /** The deepest first. */
  readonly episodes: readonly DrawdownEpisode[];
  readonly version: number;
  readonly now: number;
}

/** The deepest falls of an account since it was first seen, from its candles. Throws UnknownAccountError. */
export class GetDrawdowns extends Query<Drawdowns> {
  constructor(
    readonly accountId: string,
    readonly limit: number,
  ) {
    super();
  }
}

const moment = (value: string) => `to_char(${value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

/**
 * A stay begins with a minute in which the peak was touched (`drawdown_low` = 0) and ends with the next one of its series. A minute that
 * touched the peak and closed at its own highest index closed at the peak: whatever fell in it was won back in it, so that it ends a stay,
 * and the next begins behind it. Of any other minute nobody can tell whether its fall came before the peak or after it: it is
 * taken for the later one. The depth was measured as equity moved.
 */
const EPISODES = `WITH seen AS (
    SELECT minute, series, drawdown_high, drawdown_low = 0 AS touches, drawdown_low = 0 AND index_close = index_high AS recovers,
      max(series) OVER (PARTITION BY account_id) AS newest
    FROM equity_candles WHERE account_id = $1
  ), follows AS (
    SELECT *, lag(recovers, 1, true) OVER by_time AS begins, lag(minute) OVER by_time AS before
    FROM seen WINDOW by_time AS (PARTITION BY series ORDER BY minute)
  ), stays AS (
    SELECT *, CASE WHEN touches THEN minute ELSE before END AS touched,
      count(*) FILTER (WHERE begins OR (touches AND NOT recovers)) OVER (PARTITION BY series ORDER BY minute) AS stay
    FROM follows
  ), deepest AS (
    SELECT series, series = newest AS lasts, min(minute) AS since, min(coalesce(touched, minute)) AS peak, max(minute) AS until,
      max(drawdown_high) AS depth, max(minute) FILTER (WHERE recovers) AS recovered
    FROM stays GROUP BY series, newest, stay HAVING max(drawdown_high) > 0
    ORDER BY depth DESC, peak LIMIT $2
  )
  SELECT ${moment('peak')} AS peak, ${moment('until')} AS until, depth::text, lasts, ${moment('trough.minute')} AS trough,
    ${moment('coalesce(recovered, recovery.minute)')} AS recovered
  FROM deepest d
    JOIN LATERAL (SELECT min(minute) AS minute FROM equity_candles
      WHERE account_id = $1 AND minute BETWEEN d.since AND d.until AND series = d.series AND drawdown_high = d.depth) trough ON TRUE
    JOIN LATERAL (SELECT min(minute) AS minute FROM equity_candles
      WHERE account_id = $1 AND minute > d.until AND series = d.series AND drawdown_low = 0) recovery ON TRUE
  ORDER BY depth DESC, peak`;

interface Row {
  readonly peak: string;
  readonly until: string;
  readonly depth: string;
  readonly lasts: boolean;
  readonly trough: string;
  readonly recovered: string | null;
}

@QueryHandler(GetDrawdowns)
export class GetDrawdownsHandler implements IQueryHandler<GetDrawdowns> {
  constructor(
    private readonly accounts: AccountReader,
    private readonly database: Database,
  ) {}

  async execute({ accountId, limit }: GetDrawdowns): Promise<Drawdowns> {
    const { version } = this.accounts.read(accountId);
    const now = this.accounts.now();
    const rows = await this.database.query<Row>(EPISODES, [accountId, limit]);
    return { episodes: rows.map((row) => episodeOf(row, now)), version, now };
  }
}

function episodeOf({ peak, until, depth, lasts, trough, recovered }: Row, now: number): DrawdownEpisode {
  const running = lasts && recovered === null;
  const end = recovered === null ? (running ? now : microsOf(until)) : microsOf(recovered);
  return {
    peakAt: microsOf(peak),
    troughAt: microsOf(trough),
    recoveredAt: recovered === null ? null : microsOf(recovered),
    running,
    depthPct: Decimal.stored(depth).times(Decimal.HUNDRED),
    underwaterSeconds: Math.floor((end - microsOf(peak)) / MICROS_PER_SECOND),
  };
}

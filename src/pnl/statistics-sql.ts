import { EXCURSION_FIGURES, JOIN_EXCURSIONS } from '../positions/queries/excursion-figures.js';

/** By what trades can be grouped, and the column of `trades` (t) that says it. */
export const GROUPINGS = {
  symbol: 't.symbol',
  side: 't.side',
  model: 't.model',
  reason: 't.close_reason',
} as const;

export type Grouping = keyof typeof GROUPINGS;

const keyOf = (by: Grouping | null) => (by ? GROUPINGS[by] : 'NULL::text');

const SELECTED = `t.account_id = $1 AND t.status <> 'OPEN'
      AND t.closed_at >= $2::timestamptz AND t.closed_at < $3::timestamptz`;

const whenKnown = (value: string) => `CASE WHEN NOT t.pnl_unknown THEN ${value} END`;

/** Closed trades ($1 account, $2 ≤ closed_at < $3); what is null has no part in a sum: all of a trade whose PnL is not known. */
const picked = (by: Grouping | null) => `picked AS (
    SELECT ${keyOf(by)} AS key, t.closed_at, t.symbol, t.trade_id, ${whenKnown('t.realized_pnl')} AS pnl,
      ${whenKnown('(EXTRACT(EPOCH FROM t.closed_at - t.opened_at) * 1000000)::bigint')} AS held,
      ${whenKnown(EXCURSION_FIGURES.mae)} AS mae, ${whenKnown(EXCURSION_FIGURES.mfe)} AS mfe
    FROM trades t ${JOIN_EXCURSIONS} WHERE ${SELECTED}
  )`;

/** One value a name of `StatisticsRow`. The two percentiles are the lower and the upper of the middle two, exactly. */
const SUMS = `count(pnl)::int AS closed, (count(*) - count(pnl))::int AS unknown,
      (count(*) FILTER (WHERE pnl > 0))::int AS wins, (count(*) FILTER (WHERE pnl < 0))::int AS losses,
      coalesce(sum(pnl), 0)::text AS pnl, coalesce(sum(pnl * pnl), 0)::text AS squares,
      coalesce(sum(pnl) FILTER (WHERE pnl > 0), 0)::text AS gross_profit,
      coalesce(sum(pnl) FILTER (WHERE pnl < 0), 0)::text AS gross_loss,
      max(pnl)::text AS best, min(pnl)::text AS worst,
      count(held)::int AS timed, coalesce(sum(held), 0)::text AS held,
      (percentile_disc(0.5) WITHIN GROUP (ORDER BY held))::text AS lower_held,
      (percentile_disc(0.5) WITHIN GROUP (ORDER BY held DESC))::text AS upper_held,
      count(mae)::int AS seen, coalesce(sum(mae), 0)::text AS mae, coalesce(sum(mfe), 0)::text AS mfe`;

/** Exact sums over closed trades, a row a group, those with most trades first ($4 at most). */
export function totalsSql(by: Grouping | null): string {
  return `WITH ${picked(by)}
  SELECT key, ${SUMS} FROM picked GROUP BY key ORDER BY count(*) DESC, key NULLS LAST LIMIT $4`;
}

/**
 * The longest runs, and the one at the end, a row a group: in order of closing, then by symbol and id, so that it is one order. A run ends
 * where the next trade comes out otherwise.
 */
export function streaksSql(by: Grouping | null): string {
  return `WITH ${picked(by)}, trade AS (
    SELECT key, sign(pnl)::int AS outcome, row_number() OVER path AS place,
      sign(pnl) IS DISTINCT FROM lead(sign(pnl)) OVER path AS ends
    FROM picked WHERE pnl IS NOT NULL WINDOW path AS (PARTITION BY key ORDER BY closed_at, symbol, trade_id)
  ), run AS (
    SELECT key, outcome, place - lag(place, 1, 0::bigint) OVER path AS length, lead(place) OVER path IS NULL AS last
    FROM trade WHERE ends WINDOW path AS (PARTITION BY key ORDER BY place)
  )
  SELECT key, coalesce(max(length) FILTER (WHERE outcome = 1), 0)::int AS wins,
    coalesce(max(length) FILTER (WHERE outcome = -1), 0)::int AS losses,
    coalesce(sum(length * outcome) FILTER (WHERE last), 0)::int AS current
  FROM run GROUP BY key`;
}

/** What the trades' opens and closes told as fees, a row a group, ≥ 0. */
export function feesSql(by: Grouping | null): string {
  return `SELECT ${keyOf(by)} AS key, coalesce(sum(b.fee), 0)::text AS fees
    FROM trades t JOIN bookings b ON b.account_id = t.account_id AND b.symbol = t.symbol AND b.trade_id = t.trade_id
    WHERE ${SELECTED} AND NOT t.pnl_unknown GROUP BY 1`;
}

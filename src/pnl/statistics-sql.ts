import {
  EXCURSION_FIGURES,
  EXCURSION_SEEN,
  JOIN_EXCURSIONS,
} from '../positions/queries/excursion-figures.js';

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

const HELD = '(EXTRACT(EPOCH FROM t.closed_at - t.opened_at) * 1000000)::bigint';
/** Trades whose PnL is not known are counted, and have no part in any sum. */
const KNOWN = 'FILTER (WHERE NOT t.pnl_unknown)';
const known = (condition: string) => `FILTER (WHERE NOT t.pnl_unknown AND ${condition})`;

/**
 * Exact sums over closed trades ($1 account, $2 ≤ closed_at < $3), a row a group, those with most trades first ($4 at most). Each figure
 * is worked out once a row and nothing has to be sorted, so that several workers of the database can share it.
 */
export function totalsSql(by: Grouping | null): string {
  return `SELECT ${keyOf(by)} AS key,
    (count(*) ${KNOWN})::int AS closed, (count(*) FILTER (WHERE t.pnl_unknown))::int AS unknown,
    (count(*) ${known('t.realized_pnl > 0')})::int AS wins, (count(*) ${known('t.realized_pnl < 0')})::int AS losses,
    coalesce(sum(t.realized_pnl) ${KNOWN}, 0)::text AS pnl,
    coalesce(sum(t.realized_pnl * t.realized_pnl) ${KNOWN}, 0)::text AS squares,
    coalesce(sum(t.realized_pnl) ${known('t.realized_pnl > 0')}, 0)::text AS gross_profit,
    coalesce(sum(t.realized_pnl) ${known('t.realized_pnl < 0')}, 0)::text AS gross_loss,
    (max(t.realized_pnl) ${KNOWN})::text AS best, (min(t.realized_pnl) ${KNOWN})::text AS worst,
    (count(t.opened_at) ${KNOWN})::int AS timed, coalesce(sum(${HELD}) ${KNOWN}, 0)::text AS held,
    (count(*) ${known(EXCURSION_SEEN)})::int AS seen,
    coalesce(sum(${EXCURSION_FIGURES.mae}) ${KNOWN}, 0)::text AS mae,
    coalesce(sum(${EXCURSION_FIGURES.mfe}) ${KNOWN}, 0)::text AS mfe
  FROM trades t ${JOIN_EXCURSIONS} WHERE ${SELECTED}
  GROUP BY 1 ORDER BY count(*) DESC, 1 NULLS LAST LIMIT $4`;
}

/** The middle two holding times summed, a row a group. Their mean times two is a whole number of microseconds, which a double holds exactly. */
export function mediansSql(by: Grouping | null): string {
  return `SELECT ${keyOf(by)} AS key, (percentile_cont(0.5) WITHIN GROUP (ORDER BY ${HELD}) * 2)::bigint::text AS middle
  FROM trades t WHERE ${SELECTED} AND NOT t.pnl_unknown AND t.opened_at IS NOT NULL GROUP BY 1`;
}

/**
 * The longest runs, and the one at the end, a row a group: in order of closing, then by symbol and id, so that it is one order. A run ends
 * where the next trade comes out otherwise.
 */
export function streaksSql(by: Grouping | null): string {
  return `WITH trade AS (
    SELECT ${keyOf(by)} AS key, sign(t.realized_pnl)::int AS outcome, row_number() OVER path AS place,
      sign(t.realized_pnl) IS DISTINCT FROM lead(sign(t.realized_pnl)) OVER path AS ends
    FROM trades t WHERE ${SELECTED} AND NOT t.pnl_unknown
    WINDOW path AS (PARTITION BY ${keyOf(by)} ORDER BY t.closed_at, t.symbol, t.trade_id)
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

import type { Transaction } from '../../database/database.js';
import type { Micros } from '../../ledger/facts.js';
import type { ToldWhole } from '../../positions/domain/lone-trade.js';
import { isoOf, microsOf } from '../../shared/periods.js';

/** The same words as in the migration, so that its index answers. */
const IS_TIE = `(l.kind = 'position.reconciliation' OR (l.kind = 'trade.closed' AND position('"tradeId":' in l.fact) = 0))`;

/**
 * For each of these trades the earliest fact at or after its open that may tie it to others of its symbol (see `standsAlone`); a trade
 * that is not among them has none. Where a symbol was corrected, any moment may be such a one: then it is that of the open.
 */
export async function nextTies<Trade extends ToldWhole>(
  tx: Pick<Transaction, 'query'>,
  accountId: string,
  trades: readonly Trade[],
): Promise<ReadonlyMap<Trade, Micros>> {
  if (trades.length === 0) return new Map();
  const rows = await tx.query<{ place: string; at: string }>(
    `SELECT place::text, to_char(tie.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at
     FROM unnest($2::text[], $3::timestamptz[]) WITH ORDINALITY AS asked(symbol, since, place), LATERAL (
       (SELECT asked.since AS occurred_at FROM ledger l
         WHERE l.account_id = $1 AND l.symbol = asked.symbol AND l.kind = 'trade.corrected' LIMIT 1)
       UNION ALL
       (SELECT l.occurred_at FROM ledger l WHERE l.account_id = $1 AND l.symbol = asked.symbol AND ${IS_TIE}
         AND l.occurred_at >= asked.since ORDER BY l.occurred_at LIMIT 1)
       ORDER BY 1 LIMIT 1) AS tie`,
    [
      accountId,
      trades.map(({ opened }) => opened.symbol),
      trades.map(({ opened }) => isoOf(opened.occurredAt)),
    ],
  );
  return new Map(rows.map(({ place, at }) => [trades[Number(place) - 1]!, microsOf(at)]));
}

import type { Transaction } from '../database/database.js';

/** What open trades cost, those included for whose price a recorded mark stands in. As SymbolBook counts it, digit for digit. */
const COSTS = `
  SELECT t.account_id, t.symbol, t.side,
         trim_scale(sum(CASE WHEN coalesce(t.entry_price, i.price) IS NULL THEN 0
                             ELSE coalesce(t.cost_basis, t.remaining * coalesce(t.entry_price, i.price)) END)) AS cost
    FROM trades t LEFT JOIN stand_in_prices i USING (account_id, trade_id)
   WHERE t.account_id = $1 AND t.status = 'OPEN' AND t.symbol = ANY($2::text[])
   GROUP BY t.account_id, t.symbol, t.side`;

/**
 * Brings the stored cost of these symbols in line with the marks that are recorded as standing in: the first one that any replica wrote
 * down counts, which is what a rebuild finds, and not the one that this replica happened to see. Under the account's lock only.
 */
export async function rewriteStoodInCosts(
  tx: Transaction,
  accountId: string,
  symbols: Iterable<string>,
): Promise<void> {
  const named = [...new Set(symbols)];
  if (named.length === 0) return;
  await tx.query(
    `UPDATE positions p SET cost_basis = c.cost FROM (${COSTS}) c
      WHERE p.account_id = c.account_id AND p.symbol = c.symbol AND p.side = c.side AND p.cost_basis <> c.cost`,
    [accountId, named],
  );
}

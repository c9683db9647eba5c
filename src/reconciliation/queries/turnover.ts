import type { Transaction } from '../../database/database.js';
import type { Micros } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import { isoOf } from '../../shared/periods.js';

/** Notional of what was opened and closed after `since` until `until`, ≥ 0; null as `since` = nothing is known of a time before. */
export async function turnoverBetween(
  tx: Transaction,
  accountId: string,
  since: Micros | null,
  until: Micros,
): Promise<Decimal> {
  if (since === null || since >= until) return Decimal.ZERO;
  const [row] = await tx.query<{ turnover: string }>(
    `SELECT ((SELECT coalesce(sum(quantity * exit_price), 0) FROM bookings
               WHERE account_id = $1 AND occurred_at > $2 AND occurred_at <= $3 AND kind = 'close')
           + (SELECT coalesce(sum(quantity * entry_price), 0) FROM trades
               WHERE account_id = $1 AND coalesce(opened_at, closed_at) > $2 AND coalesce(opened_at, closed_at) <= $3))::text AS turnover`,
    [accountId, isoOf(since), isoOf(until)],
  );
  return Decimal.stored(row!.turnover);
}

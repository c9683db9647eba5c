import type { Transaction } from '../../database/database.js';
import { Decimal } from '../../shared/decimal.js';
import { isoOf, microsOf } from '../../shared/periods.js';
import type { MovedMonies } from '../domain/explain/flow-tree.js';
import { originsOf } from './origins.js';

interface FlowRow {
  readonly version: string;
  readonly type: string;
  readonly amount: string;
  readonly at: string;
}

/**
 * An account's flows of money, the newest `limit` of them shown. `receivedSince` = only those that came in at or after that moment
 * (microseconds): equity moves when a flow comes in, whatever time it carries.
 */
export async function flowsOf(
  tx: Transaction,
  accountId: string,
  limit: number,
  receivedSince: number | null = null,
): Promise<MovedMonies> {
  const values = [accountId, receivedSince === null ? null : isoOf(receivedSince)];
  const from = `FROM cash_flows JOIN ledger USING (account_id, version)
    WHERE account_id = $1 AND ($2::timestamptz IS NULL OR received_at >= $2)`;
  const [all] = await tx.query<{ count: string; amount: string }>(
    `SELECT count(*)::text, coalesce(sum(amount), 0)::text AS amount ${from}`,
    values,
  );
  const rows = await tx.query<FlowRow>(
    `SELECT version::text, type, amount::text,
       to_char(cash_flows.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at
     ${from} ORDER BY cash_flows.occurred_at DESC, cash_flows.version DESC LIMIT $3`,
    [...values, limit],
  );
  const origins = await originsOf(
    tx,
    accountId,
    rows.map(({ version }) => Number(version)),
  );
  const shown = rows.map(({ version, type, amount, at }) => ({
    version: Number(version),
    type,
    amount: Decimal.stored(amount),
    occurredAt: microsOf(at),
    origin: origins.get(Number(version)) ?? null,
  }));
  const amount = Decimal.stored(all!.amount).minus(Decimal.sum(shown.map((flow) => flow.amount)));
  return { shown, others: { count: Number(all!.count) - shown.length, amount } };
}

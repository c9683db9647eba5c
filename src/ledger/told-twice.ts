import type { Transaction } from '../database/database.js';
import type { Fact, OrderExecuted } from './facts.js';

/** The name of an execution's order in its account. */
export const orderSlot = ({ accountId, orderId }: OrderExecuted) => `${accountId} ${orderId ?? ''}`;

/**
 * Orders that are told as a whole (without an execution id) and also fill by fill: one by these facts and the other by these facts or by the
 * ledger. It may name an order too many, never one too few.
 */
export async function ordersToldTwice(tx: Transaction, facts: readonly Fact[]): Promise<Set<string>> {
  const executions = facts.filter(
    (fact): fact is OrderExecuted => fact.kind === 'order.executed' && fact.executed && fact.orderId !== null,
  );
  const wholes = new Set(executions.filter(({ executionId }) => executionId === null).map(orderSlot));
  const parted = new Set(executions.filter(({ executionId }) => executionId !== null).map(orderSlot));
  const here = [...wholes].filter((name) => parted.has(name));
  return new Set([...here, ...(await toldOtherwise(tx, executions))]);
}

/** Orders of which the ledger has an execution of the other form. An execution in the ledger names its execution id only when it has one. */
async function toldOtherwise(tx: Transaction, executions: readonly OrderExecuted[]): Promise<string[]> {
  if (executions.length === 0) return [];
  const rows = await tx.query<Record<'account_id' | 'order_id', string>>({
    name: 'orders-told-otherwise',
    text: `SELECT DISTINCT account_id, order_id FROM unnest($1::text[], $2::text[], $3::boolean[]) AS asked(account_id, order_id, whole)
           WHERE EXISTS (SELECT 1 FROM ledger l WHERE l.account_id = asked.account_id AND l.kind = 'order.executed'
             AND l.order_ref = asked.order_id AND (position('"executionId":' in l.fact) > 0) = asked.whole)`,
    values: [
      executions.map(({ accountId }) => accountId),
      executions.map(({ orderId }) => orderId!),
      executions.map(({ executionId }) => executionId === null),
    ],
  });
  return rows.map(({ account_id, order_id }) => `${account_id} ${order_id}`);
}

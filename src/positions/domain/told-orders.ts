import type { OrderExecuted } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import type { IdentifiedFill } from './fold-fills.js';

/** An order's own execution that says more than its fills do, and by how much (> 0, base size). */
export interface BeyondFills {
  readonly fill: IdentifiedFill;
  readonly size: Decimal;
}

/** Fills of which no order is counted twice, and what did not fit. */
export interface ToldOnce {
  readonly fills: readonly IdentifiedFill[];
  readonly beyond: readonly BeyondFills[];
}

/**
 * An order may be told as a whole, by its order id alone, and again fill by fill. Of an order that has fills with ids of their own, the whole
 * is cumulative: only what it says beyond the sum of those fills is a further fill, with the same share of its fee. It is nothing when it says as
 * much or less, no size at all, or the other direction. Several wholes of one order share the sum in the order given.
 */
export function withoutRepeatedOrders(fills: readonly IdentifiedFill[]): ToldOnce {
  const left = sumsByOrder(fills);
  if (left.size === 0) return { fills, beyond: [] };
  const beyond: BeyondFills[] = [];
  const once = fills.flatMap((fill) => {
    const { orderId, executionId, quantity } = fill.fact;
    const covered = executionId === null ? left.get(orderId!) : undefined;
    if (covered === undefined) return [fill];
    if (!quantity || quantity.isZero()) return [];
    const isOpposite = !covered.isZero() && covered.sign() !== quantity.sign();
    const rest = isOpposite ? quantity : remainder(quantity, covered);
    left.set(orderId!, covered.minus(quantity.minus(rest)));
    if (rest.isZero()) return [];
    beyond.push({ fill, size: rest.abs() });
    return isOpposite ? [] : [{ ...fill, fact: partOf(fill.fact, quantity, rest) }];
  });
  return { fills: once, beyond };
}

/** Σ of the fills with ids of their own, signed, of each order that has any. */
function sumsByOrder(fills: readonly IdentifiedFill[]): Map<string, Decimal> {
  const sums = new Map<string, Decimal>();
  for (const { fact } of fills) {
    if (fact.executionId === null || fact.orderId === null) continue;
    sums.set(fact.orderId, (sums.get(fact.orderId) ?? Decimal.ZERO).plus(fact.quantity ?? Decimal.ZERO));
  }
  return sums;
}

/** What a whole of the same direction says beyond what is covered. */
function remainder(whole: Decimal, covered: Decimal): Decimal {
  return whole.abs().greaterThan(covered.abs()) ? whole.minus(covered) : Decimal.ZERO;
}

function partOf(fact: OrderExecuted, whole: Decimal, rest: Decimal): OrderExecuted {
  return { ...fact, quantity: rest, fee: fact.fee && fact.fee.times(rest).dividedBy(whole) };
}

import type { Decimal } from '../../shared/decimal.js';

/**
 * Which lot a close takes first. FIFO: the oldest. LIFO: the newest. HIFO: the dearest, which realizes the least gain
 * (for a short, the one sold lowest); LOFO the opposite. AVERAGE: all lots share one price, taken oldest first.
 */
export type LotMethod = 'FIFO' | 'LIFO' | 'HIFO' | 'LOFO' | 'AVERAGE';

/** What the order looks at: signed quantity and cost. */
interface Costed {
  readonly quantity: Decimal;
  readonly cost: Decimal;
}

/** The lots in the order in which a close takes them; equal prices oldest first. */
export function inClosingOrder<L extends Costed>(lots: readonly L[], method: LotMethod): readonly L[] {
  switch (method) {
    case 'FIFO':
    case 'AVERAGE':
      return lots;
    case 'LIFO':
      return [...lots].reverse();
    case 'HIFO':
      return [...lots].sort((left, right) => unitCost(right).compare(unitCost(left)));
    case 'LOFO':
      return [...lots].sort((left, right) => unitCost(left).compare(unitCost(right)));
  }
}

/** Cost of one unit, signed: what a short brought in counts as negative cost, so the dearest short is the lowest sold. */
function unitCost(lot: Costed): Decimal {
  return lot.cost.dividedBy(lot.quantity.abs());
}

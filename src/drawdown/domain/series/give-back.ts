import type { Side } from '../../../ledger/facts.js';
import { Decimal } from '../../../shared/decimal.js';

/** Open PnL per unit at every price of a trade's life; the first price is the entry. */
export function openProfits(side: Side, prices: readonly Decimal[]): Decimal[] {
  const entry = prices[0] ?? Decimal.ZERO;
  return prices.map((price) => (side === 'LONG' ? price.minus(entry) : entry.minus(price)));
}

/** The largest fall of open PnL from its highest so far, per unit, ≥ 0; the highest starts at the entry's 0. */
export function largestGiveBack(side: Side, prices: readonly Decimal[]): Decimal {
  let best = Decimal.ZERO;
  return openProfits(side, prices).reduce((worst, profit) => {
    best = Decimal.max(best, profit);
    return Decimal.max(worst, best.minus(profit));
  }, Decimal.ZERO);
}

/** Maximum adverse excursion per unit, ≤ 0: the worst open PnL of a trade; multiply by the quantity for money. */
export function adverseExcursion(side: Side, prices: readonly Decimal[]): Decimal {
  return openProfits(side, prices).reduce((worst, profit) => Decimal.min(worst, profit), Decimal.ZERO);
}

/** Maximum favourable excursion per unit, ≥ 0: the best open PnL of a trade. */
export function favourableExcursion(side: Side, prices: readonly Decimal[]): Decimal {
  return openProfits(side, prices).reduce((best, profit) => Decimal.max(best, profit), Decimal.ZERO);
}

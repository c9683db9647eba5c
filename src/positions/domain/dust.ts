import { Decimal } from '../../shared/decimal.js';
import { FLAT, type NetPosition } from './net-position.js';

/** The smallest a venue trades in a symbol; null = it does not tell. */
export interface TradingMinimum {
  readonly quantity: Decimal | null;
  /** In quote. */
  readonly notional: Decimal | null;
}

/**
 * Dust is what is left and too small to be sold: below the smallest quantity, or below the smallest notional at the
 * mark. It is kept with its exact cost, because it is still owned; only a count of open positions may leave it out.
 * A flat position is not dust, and without a minimum or a mark to judge by nothing is.
 */
export function isDust(position: NetPosition, minimum: TradingMinimum, mark: Decimal | null): boolean {
  if (position.quantity.isZero()) return false;
  const quantity = position.quantity.abs();
  if (minimum.quantity !== null && quantity.lessThan(minimum.quantity)) return true;
  if (minimum.notional === null || mark === null) return false;
  return quantity.times(mark.abs()).lessThan(minimum.notional);
}

/** Gives dust up: flat, and what it cost is realized as a loss (for a short, what it brought in as a gain). */
export function writeOff(position: NetPosition): { readonly after: NetPosition; readonly realized: Decimal } {
  return { after: FLAT, realized: position.costBasis.negated() };
}

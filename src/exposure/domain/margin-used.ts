import { Decimal } from '../../shared/decimal.js';

/**
 * Σ notional ÷ leverage: the initial margin of cross-margined positions, ≥ 0. null when a position's notional or leverage is not known,
 * because a sum without it would be too small.
 */
export function marginUsed(
  positions: readonly { readonly exposure: Decimal | null; readonly leverage: Decimal | null }[],
): Decimal | null {
  let total = Decimal.ZERO;
  for (const { exposure, leverage } of positions) {
    if (!exposure || !leverage?.isPositive()) return null;
    total = total.plus(exposure.dividedBy(leverage));
  }
  return total;
}

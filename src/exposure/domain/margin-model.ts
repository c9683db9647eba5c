import { DIVISION_PLACES, Decimal } from '../../shared/decimal.js';

/** `standard`: notional × rate. `leveraged`: notional ÷ leverage × rate, as venues do that scale margin with leverage. */
export type MarginModel = 'standard' | 'leveraged';

/** Margin for a notional ≥ 0, in its currency. The rate is a fraction. Throws when a leverage of zero divides. */
export function requiredMargin(
  notional: Decimal,
  rate: Decimal,
  model: MarginModel,
  leverage: Decimal,
): Decimal {
  const margin = notional.times(rate);
  return model === 'standard' ? margin : margin.dividedBy(leverage);
}

/** A fraction that is shown as a percent of 18 places. */
const FRACTION_PLACES = DIVISION_PLACES + 2;

/** Unrealized loss ÷ margin in use, a fraction ≥ 0: the drawdown on margin. null without margin in use. */
export function marginDrawdown(unrealized: Decimal, marginInUse: Decimal): Decimal | null {
  if (!marginInUse.isPositive()) return null;
  return Decimal.max(Decimal.ZERO, unrealized.negated()).dividedBy(marginInUse, FRACTION_PLACES);
}

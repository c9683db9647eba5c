import { Decimal } from '../../shared/decimal.js';

/**
 * The worth of `quantity` contracts of an inverse (coin-margined) instrument at `price`, in the base coin and with the
 * sign reversed: −quantity × multiplier ÷ price. A long inverse contract is a short position in coin, and with this sign
 * "worth at the mark − cost" is the PnL of both sides, as it is for a linear contract. Rounded half-even at 18 places.
 * Throws DecimalError('division_by_zero') at a price of zero.
 */
export function inverseValue(quantity: Decimal, price: Decimal, multiplier: Decimal): Decimal {
  return quantity.times(multiplier).negated().dividedBy(price);
}

/**
 * The entry price of an inverse position, quote per base: the harmonic average that its cost in coin implies,
 * −quantity × multiplier ÷ cost. null when flat, or when the cost is zero.
 */
export function harmonicAverage(quantity: Decimal, cost: Decimal, multiplier: Decimal): Decimal | null {
  return cost.isZero() ? null : quantity.times(multiplier).negated().dividedBy(cost);
}

/**
 * PnL of an inverse position in the base coin: quantity × multiplier × (1 ÷ open − 1 ÷ close), quantity signed (+ long).
 * Source: BitMEX and Binance COIN-M contract specifications.
 */
export function inversePnl(
  quantity: Decimal,
  openPrice: Decimal,
  closePrice: Decimal,
  multiplier: Decimal = Decimal.ONE,
): Decimal {
  return inverseValue(quantity, closePrice, multiplier).minus(inverseValue(quantity, openPrice, multiplier));
}

/** Notional of an inverse position in the base coin, ≥ 0: |quantity| × multiplier ÷ price. */
export function inverseNotional(
  quantity: Decimal,
  price: Decimal,
  multiplier: Decimal = Decimal.ONE,
): Decimal {
  return inverseValue(quantity, price, multiplier).abs();
}

import type { Decimal } from '../../shared/decimal.js';
import { type Contract, LINEAR, contractValue } from './net-position-contract.js';

/** The fee of a fill: |value| × rate, + costs; a rate below 0 is a maker's rebate. In the settlement currency. */
export function tradingFee(
  quantity: Decimal,
  price: Decimal,
  rate: Decimal,
  contract: Contract = LINEAR,
): Decimal {
  return contractValue(contract, quantity, price).abs().times(rate);
}

/**
 * What a position receives (+) or pays (−) at a funding time: −value at the mark × rate. At a rate above 0 longs pay shorts.
 * Quantity signed; in the settlement currency. Source: the funding pages of perpetual futures' venues.
 */
export function fundingPayment(
  quantity: Decimal,
  mark: Decimal,
  rate: Decimal,
  contract: Contract = LINEAR,
): Decimal {
  const value = contractValue(contract, quantity, mark).abs().times(rate);
  return quantity.isPositive() ? value.negated() : value;
}

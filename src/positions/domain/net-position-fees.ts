import { Decimal } from '../../shared/decimal.js';
import { type Contract, contractValue } from './net-position-contract.js';
import type { FillEffect, NetFill } from './net-position.js';

/** A fee as it was charged: + costs, − is a rebate. `paidIn` says what its currency is to the instrument. */
export interface FillFee {
  readonly amount: Decimal;
  readonly currency: string;
  readonly paidIn: 'settlement' | 'base' | 'other';
}

/**
 * When a fee becomes realized PnL. `expensed`: at once when filled (the house's rule). `capitalised`: what opening cost
 * waits and is recognised pro rata as the position closes. `excluded`: never; the PnL is gross.
 */
export type FeeConvention = 'expensed' | 'capitalised' | 'excluded';

/** The two shares of one fee: exact, closing + opening is the fee. */
export interface FeeSplit {
  readonly closing: Decimal;
  readonly opening: Decimal;
}

/**
 * The fill as it changes the holding. A fee paid in the base asset leaves the account as that asset: a buy of 1 with a
 * fee of 0.001 holds 0.999. The price stays, and the fee is a cost at that price (see `feeValue`), so cash is conserved.
 */
export function heldFill(fill: NetFill, fee: FillFee | null): NetFill {
  if (fee === null || fee.paidIn !== 'base') return fill;
  return { quantity: fill.quantity.minus(fee.amount), price: fill.price };
}

/**
 * A fee in the settlement currency: as charged, or at the fill's price when it was taken in the base asset. A fee in a
 * third currency counts zero here: without a rate it cannot be money of this instrument; it stays in the fees paid.
 */
export function feeValue(fee: FillFee | null, amount: Decimal, price: Decimal, contract: Contract): Decimal {
  if (fee === null || fee.paidIn === 'other') return Decimal.ZERO;
  return fee.paidIn === 'base' ? contractValue(contract, amount, price) : amount;
}

/** Splits a fee over what a fill closed and what it opened, pro rata by quantity; the remainder is exact. */
export function splitFee(amount: Decimal, effect: FillEffect): FeeSplit {
  if (effect.opened.isZero()) return { closing: amount, opening: Decimal.ZERO };
  const closed = effect.closed.abs();
  const closing = amount.times(closed).dividedBy(closed.plus(effect.opened.abs()));
  return { closing, opening: amount.minus(closing) };
}

import { Decimal } from '../../shared/decimal.js';
import { type Contract, LINEAR, contractPrice, contractValue } from './net-position-contract.js';

/**
 * What is held in one symbol, netted, at average cost: two numbers. `quantity` is signed (+ long, − short); `costBasis`
 * carries the sign of quantity × price, so a short's is negative: what was received. The average price is derived.
 */
export interface NetPosition {
  readonly quantity: Decimal;
  readonly costBasis: Decimal;
}

/** Holds nothing and costs exactly nothing. */
export const FLAT: NetPosition = { quantity: Decimal.ZERO, costBasis: Decimal.ZERO };

/** What moves a position: signed quantity (+ buys, − sells) at a price, which may be negative. Fees are apart. */
export interface NetFill {
  readonly quantity: Decimal;
  readonly price: Decimal;
}

/** What one fill did to a position, before fees; money in the settlement currency. */
export interface FillEffect {
  readonly before: NetPosition;
  readonly after: NetPosition;
  /** The part of the held quantity that was closed, signed like the position it closed; zero when extending. */
  readonly closed: Decimal;
  /** The part of the fill that opened or extended, signed like the fill; zero when only reducing. */
  readonly opened: Decimal;
  readonly closedValue: Decimal;
  readonly openedValue: Decimal;
  /** Gross realized PnL of the closed part: its worth at the fill's price − the cost it takes with it. */
  readonly realized: Decimal;
}

/**
 * Extends, reduces, closes or reverses a position with one fill: one path of arithmetic for long and short. Reducing
 * takes cost × closed ÷ quantity away, and all of it when all closes, so that a flat position costs exactly zero. A
 * reversal closes all and reopens the rest at the fill's price.
 */
export function applyFill(position: NetPosition, fill: NetFill, contract: Contract = LINEAR): FillEffect {
  const closed = closedQuantity(position.quantity, fill.quantity);
  const opened = fill.quantity.plus(closed);
  const costRemoved = costOf(position, closed);
  const closedValue = contractValue(contract, closed, fill.price);
  const openedValue = contractValue(contract, opened, fill.price);
  const after = {
    quantity: position.quantity.plus(fill.quantity),
    costBasis: position.costBasis.minus(costRemoved).plus(openedValue),
  };
  return {
    before: position,
    after,
    closed,
    opened,
    closedValue,
    openedValue,
    realized: closedValue.minus(costRemoved),
  };
}

/** The share of the cost that `part` of the quantity carries: exactly all for the whole, else rounded at 18 places. */
function costOf(position: NetPosition, part: Decimal): Decimal {
  if (part.isZero()) return Decimal.ZERO;
  if (part.equals(position.quantity)) return position.costBasis;
  return position.costBasis.times(part).dividedBy(position.quantity);
}

/** Average entry price, quote per base; null when flat (and for an inverse position that cost nothing). */
export function averagePrice(position: NetPosition, contract: Contract = LINEAR): Decimal | null {
  return contractPrice(contract, position.quantity, position.costBasis);
}

/** Unrealized PnL at a mark, gross of exit fees, in the settlement currency; zero when flat. */
export function unrealizedPnl(position: NetPosition, mark: Decimal, contract: Contract = LINEAR): Decimal {
  return contractValue(contract, position.quantity, mark).minus(position.costBasis);
}

/** Notional at a mark, ≥ 0, in the settlement currency. */
export function notionalValue(position: NetPosition, mark: Decimal, contract: Contract = LINEAR): Decimal {
  return contractValue(contract, position.quantity, mark).abs();
}

/** A position as it stands when only its quantity and average price are known. A null price needs a flat quantity. */
export function heldAt(quantity: Decimal, price: Decimal | null, contract: Contract = LINEAR): NetPosition {
  return price === null ? FLAT : applyFill(FLAT, { quantity, price }, contract).after;
}

/** LONG, SHORT or FLAT, by the sign of the quantity. */
export function sideOf(quantity: Decimal): 'LONG' | 'SHORT' | 'FLAT' {
  if (quantity.isZero()) return 'FLAT';
  return quantity.isPositive() ? 'LONG' : 'SHORT';
}

function closedQuantity(held: Decimal, filled: Decimal): Decimal {
  if (held.sign() === filled.sign()) return Decimal.ZERO;
  return filled.abs().lessThan(held.abs()) ? filled.negated() : held;
}

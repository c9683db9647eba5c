import type { Decimal } from '../../shared/decimal.js';
import { FLAT, type NetPosition, applyFill } from './net-position.js';

/** One side of a hedged symbol, or one trade of it: signed quantity at its average price. */
export interface Leg {
  readonly quantity: Decimal;
  readonly price: Decimal;
  /** When it was opened, or any number that says which leg came first. */
  readonly order: number;
}

/**
 * The net view of a hedged symbol: its legs in their order (equal ones stay as given), folded by the rules of average
 * cost. A leg that reverses the net gives its price to the rest; a leg of quantity zero says nothing.
 */
export function foldLegs(legs: readonly Leg[]): NetPosition {
  return [...legs]
    .sort((left, right) => left.order - right.order)
    .reduce<NetPosition>((net, leg) => applyFill(net, leg).after, FLAT);
}

import { Decimal } from '../../shared/decimal.js';
import { type Contract, LINEAR, contractPrice, contractValue } from './net-position-contract.js';
import type { NetFill } from './net-position.js';
import { type LotMethod, inClosingOrder } from './lots-order.js';

/** What one fill bought or sold and nobody has closed yet. Quantity and cost are signed as in a net position. */
export interface Lot {
  /** The fill that opened it: its id when it has one, and its place (1 = the first fill). */
  readonly fillId: string | null;
  readonly fillNumber: number;
  readonly quantity: Decimal;
  readonly cost: Decimal;
  /** The part of the opening fee that no close has taken yet. */
  readonly fee: Decimal;
  readonly openedAt: number | null;
}

/** A part of a lot met by a part of a closing fill. Money in the settlement currency. */
export interface LotMatch {
  readonly lot: Lot;
  readonly fillId: string | null;
  readonly fillNumber: number;
  /** Signed like the lot. */
  readonly quantity: Decimal;
  readonly cost: Decimal;
  readonly proceeds: Decimal;
  /** Gross: proceeds − cost. */
  readonly realized: Decimal;
  readonly entryFee: Decimal;
  readonly exitFee: Decimal;
  readonly closedAt: number | null;
}

/** A fill for the lot book; the fee is in the settlement currency, + costs. */
export interface LotFill extends NetFill {
  readonly id: string | null;
  readonly number: number;
  readonly fee: Decimal;
  readonly occurredAt: number | null;
}

/** What a fill did to the lots. */
export interface LotEffect {
  /** What is open, oldest first. */
  readonly lots: readonly Lot[];
  /** What was closed, in the order of closing. */
  readonly matches: readonly LotMatch[];
}

/**
 * Closes opposite lots in the method's order, whole or in part, and opens a new lot with whatever is left of the fill.
 * The fee is shared pro rata by quantity; the last share takes the exact remainder.
 */
export function applyFillToLots(
  lots: readonly Lot[],
  fill: LotFill,
  method: LotMethod,
  contract: Contract,
): LotEffect {
  const open = new Map(lots.map((lot) => [lot.fillNumber, lot]));
  const matches: LotMatch[] = [];
  let left = { quantity: fill.quantity, fee: fill.fee };
  for (const lot of inClosingOrder(lots, method)) {
    if (left.quantity.isZero() || lot.quantity.sign() === left.quantity.sign()) break;
    const match = matchLot(lot, { ...fill, ...left }, contract);
    matches.push(match);
    keepRest(open, lot, match);
    left = { quantity: left.quantity.plus(match.quantity), fee: left.fee.minus(match.exitFee) };
  }
  if (left.quantity.isZero()) return { lots: [...open.values()], matches };
  open.set(fill.number, openLot({ ...fill, ...left }, contract));
  return { lots: pooled([...open.values()], method), matches };
}

/** Average price of a lot, quote per base; null never happens for an open lot of a linear contract. */
export function lotPrice(lot: Pick<Lot, 'quantity' | 'cost'>, contract: Contract = LINEAR): Decimal | null {
  return contractPrice(contract, lot.quantity, lot.cost);
}

/** Realized PnL of a match net of both fee shares. */
export function matchNet(match: LotMatch): Decimal {
  return match.realized.minus(match.entryFee).minus(match.exitFee);
}

function openLot(fill: LotFill, contract: Contract): Lot {
  return {
    fillId: fill.id,
    fillNumber: fill.number,
    quantity: fill.quantity,
    cost: contractValue(contract, fill.quantity, fill.price),
    fee: fill.fee,
    openedAt: fill.occurredAt,
  };
}

function matchLot(lot: Lot, fill: LotFill, contract: Contract): LotMatch {
  const whole = !fill.quantity.abs().lessThan(lot.quantity.abs());
  const quantity = whole ? lot.quantity : fill.quantity.negated();
  const cost = share(lot.cost, quantity, lot.quantity);
  const proceeds = contractValue(contract, quantity, fill.price);
  return {
    lot,
    fillId: fill.id,
    fillNumber: fill.number,
    quantity,
    cost,
    proceeds,
    realized: proceeds.minus(cost),
    entryFee: share(lot.fee, quantity, lot.quantity),
    exitFee: share(fill.fee, quantity.abs(), fill.quantity.abs()),
    closedAt: fill.occurredAt,
  };
}

function keepRest(open: Map<number, Lot>, lot: Lot, match: LotMatch): void {
  const quantity = lot.quantity.minus(match.quantity);
  if (quantity.isZero()) open.delete(lot.fillNumber);
  else {
    const rest = { quantity, cost: lot.cost.minus(match.cost), fee: lot.fee.minus(match.entryFee) };
    open.set(lot.fillNumber, { ...lot, ...rest });
  }
}

/** Under average cost a new lot moves the common price of all; the last takes the exact remainder of the cost. */
function pooled(lots: readonly Lot[], method: LotMethod): readonly Lot[] {
  if (method !== 'AVERAGE') return lots;
  const quantity = Decimal.sum(lots.map((lot) => lot.quantity));
  let left = Decimal.sum(lots.map((lot) => lot.cost));
  const cost = left;
  return lots.map((lot, index) => {
    const part = index === lots.length - 1 ? left : share(cost, lot.quantity, quantity);
    left = left.minus(part);
    return { ...lot, cost: part };
  });
}

/** whole × part ÷ of, and exactly the whole when the part is all of it. */
function share(whole: Decimal, part: Decimal, of: Decimal): Decimal {
  return part.equals(of) ? whole : whole.times(part).dividedBy(of);
}

import { Decimal } from '../../shared/decimal.js';
import { type Contract, LINEAR } from './net-position-contract.js';
import { type FeeConvention, feeValue, heldFill } from './net-position-fees.js';
import type { PositionFill } from './net-position-history.js';
import { inVenueOrder } from './net-position-order.js';
import { type Lot, type LotEffect, type LotMatch, applyFillToLots, matchNet } from './lots.js';
import type { LotMethod } from './lots-order.js';

/** What all fills of a symbol leave: open lots oldest first, everything matched, and what each fill did. */
export interface LotBook {
  readonly lots: readonly Lot[];
  readonly matches: readonly LotMatch[];
  readonly steps: readonly LotEffect[];
  /** Fees of all fills in the settlement currency. */
  readonly fees: Decimal;
}

/** Folds fills into lots in the venue's order, repeats dropped; a fee in the base asset shortens the lot it opens. */
export function foldLots(
  fills: readonly PositionFill[],
  method: LotMethod,
  contract: Contract = LINEAR,
): LotBook {
  const steps: LotEffect[] = [];
  let lots: readonly Lot[] = [];
  let fees = Decimal.ZERO;
  for (const [index, fill] of inVenueOrder(fills).entries()) {
    const fee = feeValue(fill.fee, fill.fee?.amount ?? Decimal.ZERO, fill.price, contract);
    const lotFill = { ...fill, ...heldFill(fill, fill.fee), fee, number: index + 1 };
    const step = applyFillToLots(lots, lotFill, method, contract);
    steps.push(step);
    lots = step.lots;
    fees = fees.plus(fee);
  }
  return { lots, matches: steps.flatMap((step) => step.matches), steps, fees };
}

/** Cost of everything still open, signed as in a net position; zero when flat. */
export function openCost(lots: readonly Lot[]): Decimal {
  return Decimal.sum(lots.map((lot) => lot.cost));
}

/** Signed quantity still open. */
export function openQuantity(lots: readonly Lot[]): Decimal {
  return Decimal.sum(lots.map((lot) => lot.quantity));
}

/** Gross realized PnL of matches; fees are apart. */
export function realizedGrossOf(matches: readonly LotMatch[]): Decimal {
  return Decimal.sum(matches.map((match) => match.realized));
}

/** Realized PnL of a book by a fee convention: all fees so far, those of the closed lots only, or none. */
export function realizedOfBook(book: LotBook, convention: FeeConvention): Decimal {
  switch (convention) {
    case 'expensed':
      return realizedGrossOf(book.matches).minus(book.fees);
    case 'capitalised':
      return Decimal.sum(book.matches.map(matchNet));
    case 'excluded':
      return realizedGrossOf(book.matches);
  }
}

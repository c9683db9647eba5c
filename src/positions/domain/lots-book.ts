import { Decimal } from '../../shared/decimal.js';
import { type Contract, LINEAR, contractValue } from './net-position-contract.js';
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

/**
 * What the open lots cost under a fee convention: `capitalised` fees of opening are part of it, as far as no close took
 * them. A long costs more by them, a short brought in less.
 */
export function openCostUnder(lots: readonly Lot[], convention: FeeConvention): Decimal {
  return Decimal.sum(lots.map((lot) => lotCostUnder(lot, convention)));
}

/** The same of one lot. */
export function lotCostUnder(lot: Lot, convention: FeeConvention): Decimal {
  return convention === 'capitalised' ? lot.cost.plus(lot.fee) : lot.cost;
}

/** Signed quantity still open. */
export function openQuantity(lots: readonly Lot[]): Decimal {
  return Decimal.sum(lots.map((lot) => lot.quantity));
}

/** Gross realized PnL of matches; fees are apart. */
export function realizedGrossOf(matches: readonly LotMatch[]): Decimal {
  return Decimal.sum(matches.map((match) => match.realized));
}

/** What the closed parts cost, and what they brought in; both signed as in a net position. */
export function costOfMatches(matches: readonly LotMatch[]): Decimal {
  return Decimal.sum(matches.map((match) => match.cost));
}

export function proceedsOfMatches(matches: readonly LotMatch[]): Decimal {
  return Decimal.sum(matches.map((match) => match.proceeds));
}

/**
 * Realized PnL of a book by a fee convention: net of all fees so far (those that wait on open lots too), net of the fees
 * of what was closed, or gross.
 */
export function realizedOfBook(book: Pick<LotBook, 'lots' | 'matches'>, convention: FeeConvention): Decimal {
  if (convention === 'excluded') return realizedGrossOf(book.matches);
  const net = Decimal.sum(book.matches.map(matchNet));
  return convention === 'capitalised' ? net : net.minus(Decimal.sum(book.lots.map((lot) => lot.fee)));
}

/** The part of a book since it was last flat or reversed; of a flat book, its last cycle. */
export function lastCycleOf(book: LotBook): Pick<LotBook, 'lots' | 'matches'> {
  let begin = 1;
  for (const [index, { lots }] of book.steps.entries()) {
    // Whether from flat or by a reversal: the fill that begins a cycle is the one whose lot alone is open after it.
    if (lots.length > 0 && lots.every((lot) => lot.fillNumber === index + 1)) begin = index + 1;
  }
  return { lots: book.lots, matches: book.matches.filter((match) => match.lot.fillNumber >= begin) };
}

/** Realized PnL of a book by a fee convention plus what its open lots have gained at a mark. */
export function totalOfBook(
  book: Pick<LotBook, 'lots' | 'matches'>,
  mark: Decimal,
  { contract, fees }: { readonly contract: Contract; readonly fees: FeeConvention },
): Decimal {
  const worth = contractValue(contract, openQuantity(book.lots), mark);
  return realizedOfBook(book, fees).plus(worth).minus(openCost(book.lots));
}

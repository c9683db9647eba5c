import type { Micros, Side } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';

/** The lowest and the highest mark that were seen since somebody last looked. Quote per base. */
export interface PriceRange {
  readonly low: Decimal;
  readonly high: Decimal;
  /** When the first of them was observed. */
  readonly since: Micros;
}

/** The moment at which an open trade was worth least, or most: its PnL then was price × quantity − cost, sign by side. */
export interface Extreme {
  readonly price: Decimal;
  /** What was open at the moment, > 0: after a partial close it is less. */
  readonly quantity: Decimal;
  /** What that had cost, where fills average into it; null for a lot, whose cost is its entry price × quantity. */
  readonly cost: Decimal | null;
}

/**
 * What a trade was seen to be worth while open, by marks alone. Prices and quantities are kept, and no PnL, so that an entry price that
 * is told or corrected later moves the excursion with it. What was seen only ever widens.
 */
export interface Excursion {
  readonly side: Side;
  /** The entry price as last known; null when it never was. */
  readonly entryPrice: Decimal | null;
  readonly low: Decimal | null;
  readonly high: Decimal | null;
  /** Where it was worth least, and most; null before a mark was seen, or while no entry price is known. */
  readonly adverse: Extreme | null;
  readonly favourable: Extreme | null;
  /** When the first mark that it saw was observed; null before one. */
  readonly firstMarkAt: Micros | null;
}

/** What of a trade is open to the market: a quantity on a side, and what it cost; see `Extreme`. */
export interface OpenPart {
  readonly side: Side;
  readonly entryPrice: Decimal | null;
  readonly quantity: Decimal;
  readonly cost: Decimal | null;
}

/** A trade that saw no mark yet. */
export function newExcursion({ side, entryPrice }: Pick<OpenPart, 'side' | 'entryPrice'>): Excursion {
  return { side, entryPrice, low: null, high: null, adverse: null, favourable: null, firstMarkAt: null };
}

/** The range with one more mark in it. */
export function widenRange(range: PriceRange | null, price: Decimal, at: Micros): PriceRange {
  if (!range) return { low: price, high: price, since: at };
  if (price.lessThan(range.low)) return { ...range, low: price };
  return price.greaterThan(range.high) ? { ...range, high: price } : range;
}

/** Both ranges as one. */
export function joinRanges(a: PriceRange, b: PriceRange): PriceRange {
  return {
    low: Decimal.min(a.low, b.low),
    high: Decimal.max(a.high, b.high),
    since: Math.min(a.since, b.since),
  };
}

/** What was seen once marks moved over a range while this part was open. */
export function widenExcursion(seen: Excursion, part: OpenPart, range: PriceRange): Excursion {
  const at = (price: Decimal): Extreme => ({ price, quantity: part.quantity, cost: part.cost });
  const long = part.side === 'LONG';
  const entryPrice = part.entryPrice ?? seen.entryPrice;
  const valued = entryPrice !== null || part.cost !== null;
  return joinExcursions(seen, {
    side: part.side,
    entryPrice,
    low: range.low,
    high: range.high,
    adverse: valued ? at(long ? range.low : range.high) : null,
    favourable: valued ? at(long ? range.high : range.low) : null,
    firstMarkAt: range.since,
  });
}

/** What two observers of one trade saw, together; the entry price is the later one's, where it knows one. */
export function joinExcursions(earlier: Excursion, later: Excursion): Excursion {
  const entryPrice = later.entryPrice ?? earlier.entryPrice;
  const worthAt = (extreme: Extreme) => unrealizedAt(later.side, entryPrice, extreme);
  return {
    side: later.side,
    entryPrice,
    low: either(earlier.low, later.low, (a, b) => Decimal.min(a, b)),
    high: either(earlier.high, later.high, (a, b) => Decimal.max(a, b)),
    adverse: either(earlier.adverse, later.adverse, (a, b) => (worthAt(b).lessThan(worthAt(a)) ? b : a)),
    favourable: either(earlier.favourable, later.favourable, (a, b) =>
      worthAt(b).greaterThan(worthAt(a)) ? b : a,
    ),
    firstMarkAt: either(earlier.firstMarkAt, later.firstMarkAt, (a, b) => Math.min(a, b)),
  };
}

/** Whether two excursions say the same, so that nothing has to be written. */
export function sameExcursion(a: Excursion, b: Excursion): boolean {
  return (
    a.side === b.side &&
    a.firstMarkAt === b.firstMarkAt &&
    sameAmount(a.entryPrice, b.entryPrice) &&
    sameAmount(a.low, b.low) &&
    sameAmount(a.high, b.high) &&
    sameExtreme(a.adverse, b.adverse) &&
    sameExtreme(a.favourable, b.favourable)
  );
}

function sameExtreme(a: Extreme | null, b: Extreme | null): boolean {
  if (!a || !b) return a === b;
  return sameAmount(a.price, b.price) && sameAmount(a.quantity, b.quantity) && sameAmount(a.cost, b.cost);
}

function sameAmount(a: Decimal | null, b: Decimal | null): boolean {
  return a === b || (a !== null && b !== null && a.equals(b));
}

/** Unrealized PnL in money at a moment; an extreme is kept only when its cost, or an entry price, is known. */
function unrealizedAt(side: Side, entryPrice: Decimal | null, { price, quantity, cost }: Extreme): Decimal {
  const gain = price.times(quantity).minus(cost ?? entryPrice!.times(quantity));
  return side === 'LONG' ? gain : gain.negated();
}

function either<T>(a: T | null, b: T | null, pick: (a: T, b: T) => T): T | null {
  return a === null || b === null ? (a ?? b) : pick(a, b);
}

import type { MarkSource, Micros, Side } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import type { Holding, SymbolBook } from './symbol-book.js';

/** The last price that values a position: quote per base, > 0. */
export interface Mark {
  readonly price: Decimal;
  readonly at: Micros;
  readonly source: MarkSource;
}

/** What a holding is worth. Money in the account's currency. */
export interface HoldingValue {
  /** Quantity × price, ≥ 0; without a mark quantity × entry price. null = neither price is known for a part of it. */
  readonly notional: Decimal | null;
  /** (mark − entry) × quantity for a long, (entry − mark) × quantity for a short; 0 without a mark; null = no entry price is known. */
  readonly unrealized: Decimal | null;
}

/** Sums over holdings; what is null in one of them is left out here, and its symbol warned about. */
export interface ValueTotals {
  readonly unrealized: Decimal;
  /** Σ notional of longs, ≥ 0. */
  readonly long: Decimal;
  /** Σ notional of shorts, ≥ 0. */
  readonly short: Decimal;
}

export const NO_VALUE: ValueTotals = { unrealized: Decimal.ZERO, long: Decimal.ZERO, short: Decimal.ZERO };

/** Values one side of a symbol. Trades whose entry price is not known count in the notional only. */
export function valueHolding(side: Side, held: Holding, mark: Mark | undefined): HoldingValue {
  const allPriced = held.quantity.equals(held.pricedQuantity);
  if (!mark)
    return { notional: allPriced ? held.costBasis : null, unrealized: allPriced ? Decimal.ZERO : null };
  const notional = mark.price.times(held.quantity);
  const worth = allPriced ? notional : mark.price.times(held.pricedQuantity);
  const gain = worth.minus(held.costBasis);
  return {
    notional,
    unrealized:
      held.pricedQuantity.isZero() && !held.quantity.isZero()
        ? null
        : side === 'LONG'
          ? gain
          : gain.negated(),
  };
}

/** Both sides of a symbol as sums. */
export function valueSymbol(book: SymbolBook, mark: Mark | undefined): ValueTotals {
  const long = valueSide(book, 'LONG', mark);
  const short = valueSide(book, 'SHORT', mark);
  return {
    unrealized: (long.unrealized ?? Decimal.ZERO).plus(short.unrealized ?? Decimal.ZERO),
    long: long.notional ?? Decimal.ZERO,
    short: short.notional ?? Decimal.ZERO,
  };
}

/** What both sides' unrealized PnL together gains when the price rises by one: base size, long − short, of what has an entry price. */
export function pricedNet(book: SymbolBook): Decimal {
  return book.holding('LONG').pricedQuantity.minus(book.holding('SHORT').pricedQuantity);
}

/** Most symbols are held on one side only: the other one, exactly zero, is not computed at every tick. */
function valueSide(book: SymbolBook, side: Side, mark: Mark | undefined): HoldingValue {
  const held = book.holding(side);
  return held.trades === 0 ? FLAT : valueHolding(side, held, mark);
}

const FLAT: HoldingValue = { notional: Decimal.ZERO, unrealized: Decimal.ZERO };

/** `totals` with one symbol's old value taken out and its new one put in. */
export function replaceValue(totals: ValueTotals, before: ValueTotals, after: ValueTotals): ValueTotals {
  return {
    unrealized: totals.unrealized.minus(before.unrealized).plus(after.unrealized),
    long: totals.long.minus(before.long).plus(after.long),
    short: totals.short.minus(before.short).plus(after.short),
  };
}

/** Whether `next` takes the place of `current`: never an older one, nor one of a worse source (0 is best) while the better is fresh. */
export function supersedes(
  next: Mark,
  current: Mark | undefined,
  rankOf: (source: MarkSource) => number,
  staleBefore: Micros,
): boolean {
  if (!current) return true;
  if (next.at < current.at) return false;
  return rankOf(next.source) <= rankOf(current.source) || current.at < staleBefore;
}

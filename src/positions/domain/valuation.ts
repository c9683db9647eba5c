import type { MarkSource, Micros, Side } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import { RunningSum } from '../../shared/running-sum.js';
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

/** Values one side of a symbol. Trades whose entry price is not known count in the notional only. */
export function valueHolding(side: Side, held: Holding, mark: Mark | undefined): HoldingValue {
  const notional = notionalOf(held, mark);
  return { notional, unrealized: unrealizedOf(side, held, mark, notional) };
}

function notionalOf(held: Holding, mark: Mark | undefined): Decimal | null {
  if (mark) return mark.price.times(held.quantity);
  return isAllPriced(held) ? held.costBasis : null;
}

function unrealizedOf(
  side: Side,
  held: Holding,
  mark: Mark | undefined,
  notional: Decimal | null,
): Decimal | null {
  const allPriced = isAllPriced(held);
  if (!mark) return allPriced ? Decimal.ZERO : null;
  if (held.pricedQuantity.isZero() && !allPriced) return null;
  const worth = allPriced ? notional! : mark.price.times(held.pricedQuantity);
  return side === 'LONG' ? worth.minus(held.costBasis) : held.costBasis.minus(worth);
}

const isAllPriced = ({ quantity, pricedQuantity }: Holding) => quantity.equals(pricedQuantity);

/** Both sides of a symbol at a mark; see HoldingValue. Most symbols are held on one side only: the other one is exactly zero. Never changed once it is made. */
export class SymbolValue {
  readonly longNotional: Decimal | null = Decimal.ZERO;
  readonly longUnrealized: Decimal | null = Decimal.ZERO;
  readonly shortNotional: Decimal | null = Decimal.ZERO;
  readonly shortUnrealized: Decimal | null = Decimal.ZERO;

  private constructor(
    readonly mark: Mark | undefined,
    private readonly heldLong: Holding,
    private readonly heldShort: Holding,
  ) {
    if (heldLong.trades > 0) {
      this.longNotional = notionalOf(heldLong, mark);
      this.longUnrealized = unrealizedOf('LONG', heldLong, mark, this.longNotional);
    }
    if (heldShort.trades > 0) {
      this.shortNotional = notionalOf(heldShort, mark);
      this.shortUnrealized = unrealizedOf('SHORT', heldShort, mark, this.shortNotional);
    }
  }

  static of(book: SymbolBook, mark: Mark | undefined): SymbolValue {
    return new SymbolValue(mark, book.holding('LONG'), book.holding('SHORT'));
  }

  /** Whether it is what a book is worth at some mark: nothing was traded since. */
  isOf(book: SymbolBook): boolean {
    return this.heldLong === book.holding('LONG') && this.heldShort === book.holding('SHORT');
  }
}

/** What both sides' unrealized PnL together gains when the price rises by one: base size, long − short, of what has an entry price. */
export function pricedNet(book: SymbolBook): Decimal {
  return book.holding('LONG').pricedQuantity.minus(book.holding('SHORT').pricedQuantity);
}

/** The sums over symbols, carried on in place as one symbol's value is taken out and the next is put in. */
export class ValueSums {
  private readonly unrealized = new RunningSum();
  private readonly long = new RunningSum();
  private readonly short = new RunningSum();

  add(value: SymbolValue): void {
    this.carry(value, 1);
  }

  subtract(value: SymbolValue): void {
    this.carry(value, -1);
  }

  /** Sums of their own that go on from these. */
  static from({ unrealized, long, short }: ValueTotals): ValueSums {
    const sums = new ValueSums();
    sums.unrealized.add(unrealized);
    sums.long.add(long);
    sums.short.add(short);
    return sums;
  }

  get totals(): ValueTotals {
    return { unrealized: this.unrealized.value, long: this.long.value, short: this.short.value };
  }

  private carry(value: SymbolValue, sign: 1 | -1): void {
    value.longNotional?.addTo(this.long, sign);
    value.longUnrealized?.addTo(this.unrealized, sign);
    value.shortNotional?.addTo(this.short, sign);
    value.shortUnrealized?.addTo(this.unrealized, sign);
  }
}

/** Whether a mark is older than the stale limit. */
export function isStale(mark: Mark | undefined, staleBefore: Micros): boolean {
  return mark !== undefined && mark.at < staleBefore;
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

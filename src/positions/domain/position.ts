import type { Micros, Side } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import type { Holding, SymbolBook } from './symbol-book.js';
import type { Trade } from './trade.js';
import type { Mark, SymbolValue } from './valuation.js';

/** What of a position stays the same whatever its mark is: made anew only when the holding changes. See Position. */
export interface PositionBase {
  readonly symbol: string;
  readonly side: Side;
  readonly held: Holding;
  readonly entryPrice: Decimal | null;
  /** Current as long as no mark was seen: the entry price; null = not known. */
  readonly unmarkedPrice: Decimal | null;
  readonly leverage: Decimal | null;
  readonly category: string | null;
  readonly openedAt: Micros;
  readonly entryUnknown: boolean;
  /** True when it is what one side holds more than the other. */
  readonly isNetted: boolean;
}

/**
 * What is held in one symbol on one side, valued now. Sizes ≥ 0, the side carries the sign; money in the account's currency. What of it does not
 * change with the mark is read from its base: ten thousand of these are made for one answer, and each member of their own costs.
 */
export class Position<Base extends PositionBase = PositionBase> {
  readonly mark: Mark | undefined;
  /** Notional, ≥ 0. */
  readonly exposure: Decimal | null;
  readonly unrealizedPnl: Decimal | null;
  /** True when something has to be said about its prices: stale, none seen, or an entry price unknown. */
  readonly isDoubtful: boolean;
  private pct: Decimal | null | undefined = undefined;

  /** `value`: of the symbol whose base this is. `priceStale`: true when its mark is older than the stale limit. */
  constructor(
    readonly base: Base,
    value: SymbolValue,
    readonly priceStale: boolean,
  ) {
    this.mark = value.mark;
    if (base.isNetted) {
      this.exposure = nettedNotional(value, base);
      this.unrealizedPnl = nettedUnrealized(value);
    } else if (base.side === 'LONG') {
      this.exposure = value.longNotional;
      this.unrealizedPnl = value.longUnrealized;
    } else {
      this.exposure = value.shortNotional;
      this.unrealizedPnl = value.shortUnrealized;
    }
    this.isDoubtful = priceStale || !value.mark || base.entryUnknown;
  }

  get symbol(): string {
    return this.base.symbol;
  }

  get side(): Side {
    return this.base.side;
  }

  get size(): Decimal {
    return this.base.held.quantity;
  }

  /** Cost basis ÷ quantity (half-even at 18 places); null = not known of any of it. */
  get entryPrice(): Decimal | null {
    return this.base.entryPrice;
  }

  /** The mark; without one the entry price; null = neither. */
  get currentPrice(): Decimal | null {
    return this.mark?.price ?? this.base.unmarkedPrice;
  }

  /** Where the current price comes from; `entry` = no mark was ever seen. */
  get priceSource(): string {
    return this.mark?.source ?? 'entry';
  }

  get priceAt(): Micros | null {
    return this.mark?.at ?? null;
  }

  get costBasis(): Decimal {
    return this.base.held.costBasis;
  }

  /** Unrealized ÷ cost basis × 100, unlevered; null when either is not known or the cost is not positive. Divided when somebody asks. */
  get unrealizedPnlPct(): Decimal | null {
    if (this.pct !== undefined) return this.pct;
    const { unrealizedPnl, costBasis } = this;
    const isKnown = unrealizedPnl !== null && costBasis.isPositive();
    return (this.pct = isKnown ? unrealizedPnl.times(Decimal.HUNDRED).dividedBy(costBasis) : null);
  }

  /** Of its trades: theirs when they agree, else weighted by quantity; null when none told one. */
  get leverage(): Decimal | null {
    return this.base.leverage;
  }

  /** As told by its latest trade; null when none told one. */
  get category(): Base['category'] {
    return this.base.category;
  }

  get openTrades(): number {
    return this.base.held.trades;
  }

  get openedAt(): Micros {
    return this.base.openedAt;
  }

  /** True when the entry price of a part of it is not known (a mark stands in, or nothing does). */
  get entryUnknown(): boolean {
    return this.base.entryUnknown;
  }
}

/** What both sides of a symbol hold; a side that holds nothing has none. */
export function basesOf(book: SymbolBook): PositionBase[] {
  const sides: readonly Side[] = ['LONG', 'SHORT'];
  return sides.filter((side) => book.holding(side).trades > 0).map((side) => baseOf(book, side));
}

function baseOf(book: SymbolBook, side: Side): PositionBase {
  const held = book.holding(side);
  const trades = [...book.open.values()].filter((trade) => trade.side === side);
  const entryPrice = held.pricedQuantity.isZero() ? null : held.costBasis.dividedBy(held.pricedQuantity);
  return {
    symbol: book.symbol,
    side,
    held,
    entryPrice,
    unmarkedPrice: entryPrice,
    leverage: leverageOf(trades),
    category: latestFirst(trades).find((trade) => trade.category !== null)?.category ?? null,
    openedAt: Math.min(...trades.map((trade) => trade.openedAt!)),
    entryUnknown: trades.some((trade) => trade.entryPrice === null),
    isNetted: false,
  };
}

function latestFirst(trades: readonly Trade[]): Trade[] {
  return [...trades].sort((a, b) => b.openedAt! - a.openedAt! || (a.tradeId < b.tradeId ? 1 : -1));
}

function leverageOf(trades: readonly Trade[]): Decimal | null {
  const told = trades.filter((trade) => trade.leverage !== null);
  if (told.length === 0) return null;
  const weight = Decimal.sum(told.map((trade) => trade.remaining));
  return Decimal.sum(told.map((trade) => trade.leverage!.times(trade.remaining))).dividedBy(weight);
}

/**
 * Long and short of one symbol as one position: what both sides hold against each other is not held. Its cost is what the long cost less
 * what the short brought in, so its unrealized PnL is exactly the sum of both sides'. Sides that cancel out leave no position; what
 * they locked in stays in the account's unrealized PnL.
 */
export function nettedBases(bases: readonly PositionBase[]): PositionBase[] {
  const long = bases.find(({ side }) => side === 'LONG');
  const short = bases.find(({ side }) => side === 'SHORT');
  if (!long || !short) return [...bases];
  const quantity = long.held.quantity.minus(short.held.quantity);
  if (quantity.isZero()) return [];
  const kept = quantity.isPositive() ? long : short;
  const cost = long.held.costBasis.minus(short.held.costBasis);
  const costBasis = quantity.isPositive() ? cost : cost.negated();
  const entryUnknown = long.entryUnknown || short.entryUnknown;
  return [
    {
      ...kept,
      held: {
        quantity: quantity.abs(),
        pricedQuantity: quantity.abs(),
        costBasis,
        trades: long.held.trades + short.held.trades,
      },
      entryPrice: entryUnknown ? null : costBasis.dividedBy(quantity.abs()),
      openedAt: Math.min(long.openedAt, short.openedAt),
      entryUnknown,
      isNetted: true,
    },
  ];
}

/** A netted position's part of what its symbol is worth. */
function nettedNotional({ mark }: SymbolValue, { held, unmarkedPrice }: PositionBase): Decimal | null {
  const price = mark?.price ?? unmarkedPrice;
  return price && price.times(held.quantity);
}

function nettedUnrealized({ longUnrealized, shortUnrealized }: SymbolValue): Decimal | null {
  return longUnrealized && shortUnrealized && longUnrealized.plus(shortUnrealized);
}

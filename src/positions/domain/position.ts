import type { Micros, Side } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import type { Holding, SymbolBook } from './symbol-book.js';
import type { Trade } from './trade.js';
import type { Mark } from './valuation.js';
import { valueHolding } from './valuation.js';

/** What is held in one symbol on one side, valued now. Sizes ≥ 0, the side carries the sign; money in the account's currency. */
export interface Position {
  readonly symbol: string;
  readonly side: Side;
  readonly size: Decimal;
  /** Cost basis ÷ quantity (half-even at 18 places); null = not known of any of it. */
  readonly entryPrice: Decimal | null;
  /** The mark; without one the entry price; null = neither. */
  readonly currentPrice: Decimal | null;
  /** Where the current price comes from; `entry` = no mark was ever seen. */
  readonly priceSource: string;
  readonly priceAt: Micros | null;
  /** True when the mark is older than the stale limit. */
  readonly priceStale: boolean;
  readonly costBasis: Decimal;
  readonly unrealizedPnl: Decimal | null;
  /** Unrealized ÷ cost basis × 100, unlevered; null when either is not known or the cost is 0. */
  readonly unrealizedPnlPct: Decimal | null;
  /** Notional, ≥ 0. */
  readonly exposure: Decimal | null;
  /** Of its trades: theirs when they agree, else weighted by quantity; null when none told one. */
  readonly leverage: Decimal | null;
  /** As told by its latest trade; null when none told one. */
  readonly category: string | null;
  readonly openTrades: number;
  readonly openedAt: Micros;
  /** True when the entry price of a part of it is not known (a mark stands in, or nothing does). */
  readonly entryUnknown: boolean;
}

/** What of a position stays the same whatever its mark is: made anew only when the holding changes. See Position. */
export interface PositionBase {
  readonly symbol: string;
  readonly side: Side;
  readonly held: Holding;
  readonly entryPrice: Decimal | null;
  readonly leverage: Decimal | null;
  readonly category: string | null;
  readonly openedAt: Micros;
  readonly entryUnknown: boolean;
}

/** What both sides of a symbol hold; a side that holds nothing has none. */
export function basesOf(book: SymbolBook): PositionBase[] {
  const sides: readonly Side[] = ['LONG', 'SHORT'];
  return sides.filter((side) => book.holding(side).trades > 0).map((side) => baseOf(book, side));
}

function baseOf(book: SymbolBook, side: Side): PositionBase {
  const held = book.holding(side);
  const trades = [...book.open.values()].filter((trade) => trade.side === side);
  return {
    symbol: book.symbol,
    side,
    held,
    entryPrice: held.pricedQuantity.isZero() ? null : held.costBasis.dividedBy(held.pricedQuantity),
    leverage: leverageOf(trades),
    category: latestFirst(trades).find((trade) => trade.category !== null)?.category ?? null,
    openedAt: Math.min(...trades.map((trade) => trade.openedAt!)),
    entryUnknown: trades.some((trade) => trade.entryPrice === null),
  };
}

/** What is held, valued at a mark. */
export function positionAt(base: PositionBase, mark: Mark | undefined, staleBefore: Micros): Position {
  const { side, held, entryPrice } = base;
  const { notional, unrealized } = valueHolding(side, held, mark);
  const pct =
    unrealized && !held.costBasis.isZero()
      ? unrealized.times(Decimal.HUNDRED).dividedBy(held.costBasis)
      : null;
  return {
    symbol: base.symbol,
    side,
    size: held.quantity,
    entryPrice,
    currentPrice: mark?.price ?? entryPrice,
    priceSource: mark?.source ?? 'entry',
    priceAt: mark?.at ?? null,
    priceStale: mark !== undefined && mark.at < staleBefore,
    costBasis: held.costBasis,
    unrealizedPnl: unrealized,
    unrealizedPnlPct: pct,
    exposure: notional,
    leverage: base.leverage,
    category: base.category,
    openTrades: held.trades,
    openedAt: base.openedAt,
    entryUnknown: base.entryUnknown,
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
export function nettedPosition(sides: readonly Position[]): Position[] {
  const [long, short] = [
    sides.find(({ side }) => side === 'LONG'),
    sides.find(({ side }) => side === 'SHORT'),
  ];
  if (!long || !short) return [...sides];
  const quantity = long.size.minus(short.size);
  if (quantity.isZero()) return [];
  const [kept, size] = quantity.isPositive() ? [long, quantity] : [short, quantity.negated()];
  const cost = long.costBasis.minus(short.costBasis);
  const costBasis = quantity.isPositive() ? cost : cost.negated();
  const unrealizedPnl =
    long.unrealizedPnl && short.unrealizedPnl ? long.unrealizedPnl.plus(short.unrealizedPnl) : null;
  const pct =
    unrealizedPnl && costBasis.isPositive()
      ? unrealizedPnl.times(Decimal.HUNDRED).dividedBy(costBasis)
      : null;
  return [
    {
      ...kept,
      size,
      entryPrice: long.entryUnknown || short.entryUnknown ? null : costBasis.dividedBy(size),
      costBasis,
      unrealizedPnl,
      unrealizedPnlPct: pct,
      exposure: kept.currentPrice?.times(size) ?? null,
      openTrades: long.openTrades + short.openTrades,
      openedAt: Math.min(long.openedAt, short.openedAt),
      entryUnknown: long.entryUnknown || short.entryUnknown,
    },
  ];
}

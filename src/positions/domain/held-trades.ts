import type { Micros, Side } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import type { Holding, SymbolBook } from './symbol-book.js';
import type { Trade } from './trade.js';
import { signOf } from './trade.js';
import type { HoldingValue, Mark } from './valuation.js';
import { valueHolding } from './valuation.js';

/** What one open trade adds to the value of its side. Sizes ≥ 0, prices quote per base, money in the account's currency. */
export interface HeldTrade {
  readonly tradeId: string;
  /** The fact that opened it. */
  readonly openedVersion: number | null;
  readonly openedAt: Micros;
  /** What is still open. */
  readonly quantity: Decimal;
  /** null = not known, and no mark stands in for it. */
  readonly entryPrice: Decimal | null;
  /** Who told the entry price; `mark` = a mark stands in for it. */
  readonly entryFrom: NonNullable<Trade['entryFrom']> | 'mark' | null;
  /** What the open quantity cost, ≥ 0; null while no entry price is known. */
  readonly cost: Decimal | null;
  /** ≥ 0; null = its side cannot be valued. */
  readonly notional: Decimal | null;
  /** + = gain; null = it is left out of its side's sum, because no entry price is known. */
  readonly unrealized: Decimal | null;
}

/** One side of a symbol with the open trades that it is the sum of, oldest first. */
export interface HeldSide extends HoldingValue {
  readonly symbol: string;
  readonly side: Side;
  /** null = none was ever seen. */
  readonly mark: Mark | null;
  readonly trades: readonly HeldTrade[];
}

/** Both sides of a symbol, each with its trades; a side that holds nothing has none. The trades' values sum exactly to the side's. */
export function heldSides(book: SymbolBook, mark: Mark | undefined): HeldSide[] {
  const sides: readonly Side[] = ['LONG', 'SHORT'];
  return sides
    .filter((side) => book.holding(side).trades > 0)
    .map((side) => sideOf(book, side, book.holding(side), mark));
}

function sideOf(book: SymbolBook, side: Side, held: Holding, mark: Mark | undefined): HeldSide {
  const value = valueHolding(side, held, mark);
  const trades = [...book.open.values()]
    .filter((trade) => trade.side === side)
    .sort((a, b) => a.openedAt! - b.openedAt! || (a.tradeId < b.tradeId ? -1 : 1))
    .map((trade) => heldTrade(book, trade, value, mark));
  return { symbol: book.symbol, side, mark: mark ?? null, ...value, trades };
}

function heldTrade(book: SymbolBook, trade: Trade, ofSide: HoldingValue, mark: Mark | undefined): HeldTrade {
  const entryPrice = book.entryOf(trade);
  const cost = entryPrice ? (trade.costBasis ?? trade.remaining.times(entryPrice)) : null;
  const told = trade.entryPrice ? trade.entryFrom : null;
  return {
    tradeId: trade.tradeId,
    openedVersion: trade.openedVersion,
    openedAt: trade.openedAt!,
    quantity: trade.remaining,
    entryPrice,
    entryFrom: told ?? (entryPrice ? 'mark' : null),
    cost,
    ...valueOf(trade, cost, ofSide, mark),
  };
}

/** Without a mark a side is worth what it cost, or nothing is known of any of it. */
function valueOf(
  trade: Trade,
  cost: Decimal | null,
  ofSide: HoldingValue,
  mark: Mark | undefined,
): HoldingValue {
  if (!mark) return { notional: ofSide.notional && cost, unrealized: ofSide.unrealized && Decimal.ZERO };
  const notional = mark.price.times(trade.remaining);
  return { notional, unrealized: cost && notional.minus(cost).times(signOf(trade.side!)) };
}

import type { LedgerEntry, PositionReconciled, Side } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import { isoOf } from '../../shared/periods.js';
import type { TradeChanges } from './changes.js';
import { costAfter, openingFeeShare } from './close-trade.js';
import type { SymbolBook } from './symbol-book.js';
import type { Trade } from './trade.js';
import { NO_TRADE_YET } from './trade.js';

/** A statement of the exchange with its place in the ledger. */
type Level = LedgerEntry<PositionReconciled>;

const SIDES: readonly Side[] = ['LONG', 'SHORT'];

/**
 * Makes what is held what the exchange says it holds. Too much is closed and books nothing: what it earned is in the wallet that the
 * exchange reports. Too little is opened at the price that makes the average the exchange's. What is closed comes first on both
 * sides, so that a netted symbol never holds two. Statements come in the order of their moments. Returns the trades as they then stand.
 */
export function applyLevel(book: SymbolBook, level: Level, changes: TradeChanges): Trade[] {
  const touched = [
    ...SIDES.flatMap((side) => closeExcess(book, level, side, changes)),
    ...SIDES.flatMap((side) => meetLevel(book, level, side, changes)),
  ];
  book.lastLevelAt = level.fact.occurredAt;
  return touched;
}

/** Size and entry price that a statement tells of a side; null = it says nothing of it. */
function told(fact: PositionReconciled, side: Side): { quantity: Decimal; entry: Decimal | null } | null {
  const [quantity, entry] =
    side === 'LONG' ? [fact.longQuantity, fact.longEntryPrice] : [fact.shortQuantity, fact.shortEntryPrice];
  return quantity === null ? null : { quantity, entry };
}

/** What has no trade behind it goes first, then the oldest. */
function closeExcess(book: SymbolBook, level: Level, side: Side, changes: TradeChanges): Trade[] {
  const { fact } = level;
  const target = told(fact, side)?.quantity;
  if (!target) return [];
  let excess = book.holding(side).quantity.minus(target);
  const open = book.openAt(side, fact.occurredAt);
  const order = [...open.filter(isAdopted), ...open.filter((trade) => !isAdopted(trade))];
  const closed: Trade[] = [];
  for (const trade of order) {
    if (!excess.isPositive()) break;
    const quantity = Decimal.min(trade.remaining, excess);
    closed.push(closeByLevel(book, level, trade, quantity, changes));
    excess = excess.minus(quantity);
  }
  return closed;
}

const isAdopted = ({ entryFrom }: Trade): boolean => entryFrom === 'reconciliation';

/** Nobody told a price, so the trade's result is not known: it is no win and no loss, and says so. */
function closeByLevel(
  book: SymbolBook,
  { version, fact: { occurredAt } }: Level,
  trade: Trade,
  quantity: Decimal,
  changes: TradeChanges,
): Trade {
  const remaining = trade.remaining.minus(quantity);
  const after: Trade = {
    ...trade,
    remaining,
    costBasis: costAfter(trade, quantity),
    status: remaining.isZero() ? 'CLOSED' : 'OPEN',
    exitPrice: null,
    closedAt: remaining.isZero() ? occurredAt : null,
    feeAttributed: trade.feeAttributed.plus(openingFeeShare(trade, quantity)),
    closeReason: 'reconciliation',
    pnlUnknown: true,
    lastCloseAt: occurredAt,
    lastCloseKey: `holding:${occurredAt}`,
    closes: trade.closes + 1,
  };
  const entryPrice = book.entryOf(trade);
  const { tradeId, symbol } = trade;
  changes.bookings.replace(null, {
    ...{ version, tradeId, kind: 'reconciliation', symbol, occurredAt, quantity, quantityDerived: true },
    ...{ entryPrice, exitPrice: null, fee: null, openingFee: null, reported: null, computed: null },
    amount: Decimal.ZERO,
  });
  return put(book, trade, after, changes);
}

/** Opens what is missing, and gives what averages its share of the exchange's cost: exact where the exchange alone tells of a side. */
function meetLevel(book: SymbolBook, level: Level, side: Side, changes: TradeChanges): Trade[] {
  const target = told(level.fact, side);
  if (!target?.entry || !target.quantity.isPositive()) return [];
  const missing = target.quantity.minus(book.holding(side).quantity);
  const averaged = book.openAt(side, level.fact.occurredAt).find(({ costBasis }) => costBasis !== null);
  if (!averaged && missing.isZero()) return [];
  const before = averaged ?? openedByLevel(level, side);
  const remaining = before.remaining.plus(missing);
  const costBasis = costToMeet(book, side, before, target.entry, remaining);
  const after: Trade = {
    ...before,
    quantity: before.quantity!.plus(missing),
    remaining,
    costBasis,
    entryPrice: costBasis.dividedBy(remaining),
    entryFrom: 'reconciliation',
  };
  return [put(book, averaged ?? null, after, changes)];
}

/** What the averaged part must cost for the whole side to cost quantity × the exchange's entry; its own size × that, where no cost > 0 does. */
function costToMeet(
  book: SymbolBook,
  side: Side,
  averaged: Trade,
  entry: Decimal,
  remaining: Decimal,
): Decimal {
  const held = book.holding(side);
  const alone = entry.times(remaining);
  // A mark that stands in for a price is no price: it may come after the statement, and must not change what it meant.
  const isUntold = (trade: Trade) => trade.side === side && trade.entryPrice === null;
  if ([...book.open.values()].some(isUntold)) return alone;
  const othersQuantity = held.quantity.minus(averaged.remaining);
  const othersCost = held.costBasis.minus(averaged.costBasis!);
  const cost = entry.times(othersQuantity.plus(remaining)).minus(othersCost);
  return cost.isPositive() ? cost : alone;
}

function openedByLevel({ version, fact }: Level, side: Side): Trade {
  return {
    ...NO_TRADE_YET,
    tradeId: `reconciliation:${side}:${isoOf(fact.occurredAt)}`,
    symbol: fact.symbol,
    side,
    status: 'OPEN',
    quantity: Decimal.ZERO,
    remaining: Decimal.ZERO,
    costBasis: Decimal.ZERO,
    entryPrice: null,
    entryFrom: null,
    openedAt: fact.occurredAt,
    openedVersion: version,
    leverage: fact.leverage,
    stopLoss: null,
    takeProfit: null,
    fee: null,
    category: null,
    model: null,
    realizedPnl: Decimal.ZERO,
  };
}

function put(book: SymbolBook, before: Trade | null, after: Trade, changes: TradeChanges): Trade {
  book.put(after);
  changes.trades.replace(before, after);
  return after;
}

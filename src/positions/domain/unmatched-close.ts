import type { TradeClosed } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import type { Booking, TradeChanges } from './changes.js';
import { closingQuantity } from './close-parts.js';
import type { IdentifiedClose } from './close-trade.js';
import { noteTime } from './close-trade.js';
import type { SymbolBook } from './symbol-book.js';
import type { Trade } from './trade.js';
import { NO_TRADE_YET, signOf } from './trade.js';

/** What a close realizes by itself, without its open; null when it does not carry enough to be booked. */
interface OwnAccount {
  readonly quantity: Decimal | null;
  readonly computed: Decimal | null;
  readonly amount: Decimal;
}

/** Enough is an exit price, and either a reported PnL or an entry price and a quantity (and then the side). */
function ownAccountOf(fact: TradeClosed): OwnAccount | null {
  if (!fact.exitPrice) return null;
  const quantity = closingQuantity(fact)?.quantity ?? null;
  const computable = fact.entryPrice && quantity && fact.side;
  const computed = computable
    ? fact.exitPrice
        .minus(fact.entryPrice)
        .times(quantity)
        .times(signOf(fact.side))
        .minus(fact.fee ?? Decimal.ZERO)
    : null;
  const amount = fact.reportedPnl ?? computed;
  return amount ? { quantity, computed, amount } : null;
}

/** The name of the trade that an unmatched close stands for: its own when told, else the close's identity. */
export function orphanIdOf(close: IdentifiedClose): string {
  return close.fact.tradeId ?? close.key;
}

/**
 * A close that found no open trade: booked at once when it carries enough by itself, else parked. Either way it waits for its open,
 * and the fold that sees both settles them together.
 */
export function applyUnmatched(
  book: SymbolBook,
  close: IdentifiedClose,
  known: Trade | null,
  changes: TradeChanges,
): Trade | null {
  const { version, fact, receivedAt } = close;
  const { symbol, tradeId, side, occurredAt } = fact;
  const own = ownAccountOf(fact);
  const waiting = { version, symbol, tradeId, side, occurredAt, receivedAt, booked: own !== null };
  // One that is booked and names no trade has nothing to wait for in memory: an open that comes for it comes late, and a fold sees both.
  if (!own || tradeId !== null) book.unmatched.set(version, waiting);
  changes.unmatched.replace(null, waiting);
  noteTime(book, fact, []);
  if (!own) return null;
  changes.bookings.replace(null, orphanBooking(close, own));
  const after = orphanAfter(known ?? orphanOf(close), close, own);
  changes.trades.replace(known, after);
  return after;
}

function orphanBooking(close: IdentifiedClose, own: OwnAccount): Booking {
  const { version, fact } = close;
  return {
    version,
    tradeId: orphanIdOf(close),
    kind: 'close',
    symbol: fact.symbol,
    occurredAt: fact.occurredAt,
    quantity: own.quantity,
    quantityDerived: closingQuantity(fact)?.derived ?? false,
    entryPrice: fact.entryPrice,
    exitPrice: fact.exitPrice,
    fee: fact.fee,
    openingFee: null,
    reported: fact.reportedPnl,
    computed: own.computed,
    amount: own.amount,
  };
}

function orphanOf({ fact, ...close }: IdentifiedClose): Trade {
  return {
    ...NO_TRADE_YET,
    tradeId: orphanIdOf({ fact, ...close }),
    symbol: fact.symbol,
    side: fact.side,
    status: 'ORPHAN',
    quantity: null,
    remaining: Decimal.ZERO,
    entryPrice: fact.entryPrice,
    entryFrom: null,
    openedAt: null,
    openedVersion: null,
    leverage: fact.leverage,
    stopLoss: null,
    takeProfit: null,
    fee: null,
    category: null,
    model: fact.model,
    realizedPnl: Decimal.ZERO,
  };
}

/** Closes of one orphan come in the order of their times: one that comes late has its symbol folded anew. */
function orphanAfter(trade: Trade, { fact, key }: IdentifiedClose, own: OwnAccount): Trade {
  const quantity = own.quantity ? (trade.quantity ?? Decimal.ZERO).plus(own.quantity) : trade.quantity;
  const exitNotional = own.quantity
    ? trade.exitNotional.plus(own.quantity.times(fact.exitPrice!))
    : trade.exitNotional;
  return {
    ...trade,
    quantity,
    exitNotional,
    exitPrice: quantity ? exitNotional.dividedBy(quantity) : fact.exitPrice,
    entryPrice: trade.entryPrice ?? fact.entryPrice,
    entryFrom: trade.entryPrice || fact.entryPrice ? 'close' : null,
    closedAt: fact.occurredAt,
    closeReason: fact.reason ?? trade.closeReason,
    realizedPnl: trade.realizedPnl.plus(own.amount),
    reportedPnl: fact.reportedPnl
      ? (trade.reportedPnl ?? Decimal.ZERO).plus(fact.reportedPnl)
      : trade.reportedPnl,
    lastCloseAt: fact.occurredAt,
    lastCloseKey: key,
    closes: trade.closes + 1,
  };
}

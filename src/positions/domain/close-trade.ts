import type { LedgerEntry, Side, TradeClosed } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import type { Booking, DiscrepancyKind, TradeChanges } from './changes.js';
import type { ClosePart } from './close-parts.js';
import { allocateClose, closingQuantity } from './close-parts.js';
import type { SymbolBook } from './symbol-book.js';
import type { Trade } from './trade.js';
import { signOf } from './trade.js';

/** A reported PnL may differ from the computed one by this much before it is a discrepancy: 0.01, or 1 % of the computed. */
const TOLERANCE = Decimal.parse('0.01');

/** A close with the identity that orders it among closes of the same microsecond. */
export interface IdentifiedClose extends LedgerEntry<TradeClosed> {
  readonly key: string;
}

/**
 * The open trades a close without trade_id may take: those of its side that were open at its time, oldest first. A close that tells no
 * side means the only side that is open; with both sides open nobody can know, so none.
 */
export function targetsOf(book: SymbolBook, close: TradeClosed): Trade[] {
  if (close.side) return book.openAt(close.side, close.occurredAt);
  const [long, short] = [book.openAt('LONG', close.occurredAt), book.openAt('SHORT', close.occurredAt)];
  if (long.length > 0 && short.length > 0) return [];
  return long.length > 0 ? long : short;
}

/** Closes what is open of the targets, books each part, and lists what does not fit. Returns the trades as they then stand. */
export function applyClose(
  book: SymbolBook,
  close: IdentifiedClose,
  targets: readonly Trade[],
  changes: TradeChanges,
): Trade[] {
  const { fact } = close;
  const { parts, surplus } = allocateClose(fact, targets);
  const closed = parts.map((part) => closePart(book, close, part, changes));
  // The end of a trade that was closed already wants nothing more.
  if (surplus.isPositive() || (parts.length === 0 && fact.whole !== true)) {
    const tradeId = fact.tradeId ?? '';
    list(changes, close, tradeId, 'over_close', { reported: fact.quantity, computed: null, size: surplus });
  }
  noteTime(book, fact, closed);
  return closed;
}

/** Moves the times up to which a symbol was folded. A named close dated before its open counts right after the open. */
export function noteTime(book: SymbolBook, fact: TradeClosed, closed: readonly Trade[]): void {
  const at = Math.max(fact.occurredAt, ...closed.map((trade) => trade.openedAt!));
  book.lastAt = Math.max(book.lastAt ?? at, at);
  if (fact.tradeId === null) book.lastUnnamedAt = Math.max(book.lastUnnamedAt ?? at, at);
}

function closePart(book: SymbolBook, close: IdentifiedClose, part: ClosePart, changes: TradeChanges): Trade {
  const { fact } = close;
  const told = part.trade.entryPrice ?? fact.entryPrice;
  const trade: Trade =
    told === part.trade.entryPrice ? part.trade : { ...part.trade, entryPrice: told, entryFrom: 'close' };
  const entryPrice = book.entryOf(trade);
  const openingFee = openingFeeShare(trade, part.quantity);
  const computed = computedPnl(trade.side!, entryPrice, fact.exitPrice, part, openingFee);
  // A reported PnL is net of everything, the opening fee included, and that was booked when the trade opened.
  const net = part.reported ?? computed;
  const amount = net ? net.plus(openingFee) : null;
  const booking: Booking = {
    version: close.version,
    tradeId: trade.tradeId,
    kind: 'close',
    symbol: trade.symbol,
    occurredAt: fact.occurredAt,
    quantity: part.quantity,
    quantityDerived: closingQuantity(fact)?.derived ?? false,
    entryPrice,
    exitPrice: fact.exitPrice,
    fee: part.fee,
    openingFee,
    reported: part.reported,
    computed,
    amount,
  };
  changes.bookings.replace(null, booking);
  listDoubts(changes, close, trade, booking);
  const after = tradeAfter(trade, close, booking);
  listClaim(changes, close, after);
  book.put(after);
  changes.trades.replace(part.trade, after);
  return after;
}

/** The part of the opening fee that belongs to this quantity; whoever closes the rest takes the exact remainder. */
export function openingFeeShare(trade: Trade, quantity: Decimal): Decimal {
  if (!trade.fee || trade.fee.isZero()) return Decimal.ZERO;
  if (quantity.equals(trade.remaining)) return trade.fee.minus(trade.feeAttributed);
  return trade.fee.times(quantity).dividedBy(trade.quantity!);
}

/** Net of everything: long (exit − entry) × quantity, short (entry − exit) × quantity, minus both fees; null without a price. */
function computedPnl(
  side: Side,
  entry: Decimal | null,
  exit: Decimal | null,
  part: ClosePart,
  openingFee: Decimal,
): Decimal | null {
  if (!entry || !exit) return null;
  return exit.minus(entry).times(part.quantity).times(signOf(side)).minus(part.fee).minus(openingFee);
}

function listDoubts(changes: TradeChanges, close: IdentifiedClose, trade: Trade, booking: Booking): void {
  const { reported, computed } = booking;
  if (!trade.entryPrice)
    list(changes, close, trade.tradeId, 'entry_price_unknown', { reported, computed, size: null });
  if (!reported && !close.fact.exitPrice) {
    list(changes, close, trade.tradeId, 'exit_price_unknown', { reported, computed, size: null });
  }
  const size = mismatch(reported, computed);
  if (size) list(changes, close, trade.tradeId, 'pnl_mismatch', { reported, computed, size });
}

/** A claim is about the whole trade, so it is held against all that was realized on it. */
function listClaim(changes: TradeChanges, close: IdentifiedClose, after: Trade): void {
  const reported = close.fact.claimedPnl ?? null;
  const computed = after.pnlUnknown ? null : after.realizedPnl;
  const size = mismatch(reported, computed);
  if (size) list(changes, close, after.tradeId, 'claimed_pnl_mismatch', { reported, computed, size });
}

/** How far the two are apart; null when that is within the tolerance, or one of them is not known. */
function mismatch(reported: Decimal | null, computed: Decimal | null): Decimal | null {
  if (!reported || !computed) return null;
  const size = reported.minus(computed).abs();
  return size.greaterThan(Decimal.max(TOLERANCE, computed.abs().times(TOLERANCE))) ? size : null;
}

/** The cost of what remains when a part of a trade is closed: its average stays, and a closed trade costs exactly nothing. */
export function costAfter({ costBasis, remaining }: Trade, quantity: Decimal): Decimal | null {
  if (costBasis === null) return null;
  if (quantity.equals(remaining)) return Decimal.ZERO;
  return costBasis.minus(costBasis.times(quantity).dividedBy(remaining));
}

function tradeAfter(trade: Trade, close: IdentifiedClose, booking: Booking): Trade {
  const { fact } = close;
  const quantity = booking.quantity!;
  const remaining = trade.remaining.minus(quantity);
  const exitNotional = fact.exitPrice
    ? trade.exitNotional.plus(quantity.times(fact.exitPrice))
    : trade.exitNotional;
  const closedQuantity = trade.quantity!.minus(remaining);
  const everyExitTold = fact.exitPrice !== null && (trade.closes === 0 || trade.exitPrice !== null);
  return {
    ...trade,
    remaining,
    costBasis: costAfter(trade, quantity),
    status: remaining.isZero() ? 'CLOSED' : 'OPEN',
    exitNotional,
    exitPrice: everyExitTold ? exitNotional.dividedBy(closedQuantity) : null,
    closedAt: remaining.isZero() ? fact.occurredAt : null,
    feeAttributed: trade.feeAttributed.plus(booking.openingFee!),
    closeReason: fact.reason ?? trade.closeReason,
    realizedPnl: booking.amount ? trade.realizedPnl.plus(booking.amount) : trade.realizedPnl,
    reportedPnl: booking.reported
      ? (trade.reportedPnl ?? Decimal.ZERO).plus(booking.reported)
      : trade.reportedPnl,
    claimedPnl: fact.claimedPnl ?? trade.claimedPnl,
    pnlUnknown: trade.pnlUnknown || booking.amount === null,
    lastCloseAt: fact.occurredAt,
    lastCloseKey: close.key,
    closes: trade.closes + 1,
  };
}

function list(
  changes: TradeChanges,
  close: IdentifiedClose,
  tradeId: string,
  kind: DiscrepancyKind,
  amounts: { reported: Decimal | null; computed: Decimal | null; size: Decimal | null },
): void {
  const { version, fact } = close;
  changes.discrepancies.replace(null, {
    version,
    tradeId,
    kind,
    symbol: fact.symbol,
    occurredAt: fact.occurredAt,
    ...amounts,
  });
}

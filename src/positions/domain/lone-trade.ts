import type { LedgerEntry, Micros, TradeClosed, TradeOpened } from '../../ledger/facts.js';
import type { TradeChanges } from './changes.js';
import type { IdentifiedClose } from './close-trade.js';
import { applyClose } from './close-trade.js';
import { applyOpen } from './open-trade.js';
import type { SymbolBook } from './symbol-book.js';

/** Two who tell one close may disagree about its time by so much: 10 minutes in microseconds. */
export const SAME_MOMENT = 600_000_000;

/** A trade that is told whole: its open, and the close that ends it. */
export interface ToldWhole {
  readonly opened: TradeOpened;
  readonly closed: TradeClosed;
}

/** The same with their places in the ledger. */
export interface WholeTrade {
  readonly open: LedgerEntry<TradeOpened>;
  readonly close: IdentifiedClose;
}

/**
 * Whether a trade has nothing to do with any other of its symbol. Only a close that names no trade and a statement of the exchange tie
 * trades together, and only those that are open at its moment. `next` is the earliest of these at or after the open, null = there is none; it
 * may not be so soon after the end either that it could be that end, told by somebody else.
 */
export function standsAlone({ opened, closed }: ToldWhole, next: Micros | null): boolean {
  if (opened.entryPrice === null || closed.tradeId !== opened.tradeId || closed.whole !== true) return false;
  return next === null || next > Math.max(opened.occurredAt, closed.occurredAt) + SAME_MOMENT;
}

/**
 * Folds a trade that stands alone into its symbol, wherever in the past it lies: what is held afterwards is what was held before. Returns
 * false, and changes nothing, where a close of it came before it or a correction of it is awaited: only a fold of everything knows then.
 */
export function applyAlone(
  book: SymbolBook,
  { open, close }: WholeTrade,
  keys: readonly string[],
  changes: TradeChanges,
): boolean {
  if (book.isAwaited(open.fact) || book.awaits(keys)) return false;
  applyClose(book, close, [applyOpen(book, open, changes)], changes);
  return true;
}

import type { UnmatchedClose } from './domain/changes.js';
import type { SymbolBook } from './domain/symbol-book.js';
import type { PositionsState } from './positions-state.js';

/** Closes that memory has to know: the others can never be joined to an open. */
const waits = ({ tradeId, booked }: UnmatchedClose) => tradeId !== null || !booked;

/** What a state holds, in lines, without what marks make of it. A book that says nothing is as good as none. */
export function describePositions(state: PositionsState): Map<string, string> {
  const lines = new Map([['discrepancies', String(state.discrepancies)]]);
  for (const book of state.symbols()) describeBook(book, lines);
  return lines;
}

function describeBook(book: SymbolBook, lines: Map<string, string>): void {
  const { symbol, lastAt, lastUnnamedAt, lastFillId, lastLevelAt, awaited } = book;
  const place = { lastAt, lastUnnamedAt, lastFillId, lastLevelAt, awaited };
  if (Object.values(place).some((value) => value !== null)) lines.set(symbol, JSON.stringify(place));
  for (const trade of book.open.values()) {
    const values = Object.entries(trade).sort(([a], [b]) => (a < b ? -1 : 1));
    lines.set(`${symbol}/${trade.tradeId}`, JSON.stringify(values));
  }
  for (const close of book.unmatched.values())
    if (waits(close)) lines.set(`${symbol}#${close.version}`, `${close.tradeId} ${close.occurredAt}`);
  for (const side of ['LONG', 'SHORT'] as const) {
    const { trades, quantity } = book.holding(side);
    if (trades > 0) lines.set(`${symbol} ${side}`, `${trades} ${quantity.toString()}`);
  }
}

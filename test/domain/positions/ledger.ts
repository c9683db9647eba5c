import type { Booking, Discrepancy } from '../../../src/positions/domain/changes.js';
import type { Folded } from '../../../src/positions/domain/fold-trades.js';
import { foldTrades } from '../../../src/positions/domain/fold-trades.js';
import { basesOf, nettedBases, Position } from '../../../src/positions/domain/position.js';
import type { SymbolBook } from '../../../src/positions/domain/symbol-book.js';
import type { Trade } from '../../../src/positions/domain/trade.js';
import type { Mark, ValueTotals } from '../../../src/positions/domain/valuation.js';
import { isStale, SymbolValue, ValueSums } from '../../../src/positions/domain/valuation.js';
import type { Micros } from '../../../src/ledger/facts.js';
import { Decimal } from '../../../src/shared/decimal.js';
import type { TradeFact } from './facts.js';
import { d, entryOf, text } from './facts.js';
import { symbolFacts } from './rows.js';

export interface Ledger extends Folded {
  readonly bookings: Booking[];
  readonly doubts: Discrepancy[];
  /** Σ of all that was booked. */
  readonly realized: string;
  trade(id: string): Trade;
}

/** Folds a table of facts: their versions are 1, 2, 3 … in the order of the table; a second open of a trade supplements the first. */
export function ledger(facts: readonly TradeFact[], standIns: Readonly<Record<string, string>> = {}): Ledger {
  const seen = new Set<string>();
  const entries = facts.map((fact, i) => {
    const isMore = fact.kind === 'trade.opened' && seen.has(fact.tradeId);
    if (fact.kind === 'trade.opened') seen.add(fact.tradeId);
    return entryOf(fact, i + 1, isMore ? 'supplement' : 'fact');
  });
  const prices = new Map(Object.entries(standIns).map(([id, price]) => [id, d(price)]));
  return readable(foldTrades(symbolFacts(entries, prices)));
}

function readable({ book, changes }: Folded): Ledger {
  const trades = [...changes.trades].map(({ after }) => after!);
  const bookings = [...changes.bookings].map(({ after }) => after!).sort((a, b) => a.version - b.version);
  return {
    book,
    changes,
    bookings,
    doubts: [...changes.discrepancies].map(({ after }) => after!),
    realized: Decimal.sum(bookings.map(({ amount }) => amount ?? Decimal.ZERO)).toString(),
    trade: (id) => trades.find(({ tradeId }) => tradeId === id)!,
  };
}

/** Bookings as lines: version, trade, quantity, amount. */
export const booked = ({ bookings }: Ledger) =>
  bookings.map(({ version, tradeId, quantity, amount }) => [version, tradeId, text(quantity), text(amount)]);

/** Discrepancies as lines: version, kind, size. */
export const doubted = ({ doubts }: Ledger) =>
  doubts.map(({ version, kind, size }) => [version, kind, text(size)]);

/** What is held on a side: quantity, cost basis, open trades. */
export function held({ book }: Ledger, side: 'LONG' | 'SHORT' = 'LONG'): unknown[] {
  const { quantity, costBasis, trades } = book.holding(side);
  return [quantity.toString(), costBasis.toString(), trades];
}

/** Both sides of a symbol, valued at one mark. */
export const positionsOf = (book: SymbolBook, mark: Mark | undefined, staleBefore: Micros): Position[] =>
  basesOf(book).map((base) => new Position(base, SymbolValue.of(book, mark), isStale(mark, staleBefore)));

/** The same as one position. */
export const nettedPositionsOf = (book: SymbolBook, mark: Mark | undefined): Position[] =>
  nettedBases(basesOf(book)).map((base) => new Position(base, SymbolValue.of(book, mark), false));

/** What a symbol adds to the sums at a mark. */
export function worthOf(book: SymbolBook, mark: Mark | undefined): ValueTotals {
  const sums = new ValueSums();
  sums.add(SymbolValue.of(book, mark));
  return sums.totals;
}

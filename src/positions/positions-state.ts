import type { LedgerEntry } from '../ledger/facts.js';
import { TradeChanges } from './domain/changes.js';
import { SymbolBook } from './domain/symbol-book.js';
import type { Mark, ValueTotals } from './domain/valuation.js';
import { NO_VALUE, replaceValue, valueSymbol } from './domain/valuation.js';
import type { MarkPrices } from './mark-prices.js';
import type { StandInRow } from './positions-tables.js';

/** Why a symbol is folded anew: `along` = the fact was in time, but came together with one that was not. */
export interface RestatementCause {
  readonly why: 'late' | 'supplemented' | 'corrected' | 'along';
  readonly entry: LedgerEntry;
}

/** What an account holds, valued at the last marks. Committed ones are shared with readers; forks are a unit's own. */
export class PositionsState {
  /** Rows changed since the fork or the last write. */
  changes = new TradeChanges();
  /** Symbols that must be folded anew from the ledger before the unit ends, and the facts that came late for their place. */
  readonly toRestate = new Map<string, RestatementCause[]>();
  /** How many discrepancies the account has. */
  discrepancies = 0;
  /** Symbols whose book or time changed since the last write. */
  readonly touched = new Set<string>();
  /** Stand-in prices that have to be written down. */
  newStandIns: StandInRow[] = [];
  totals: ValueTotals = NO_VALUE;
  private readonly values = new Map<string, ValueTotals>();
  private readonly own = new Set<string>();
  private valuedAt = 0;
  /** Books that hold something, by symbol; null = to be sorted anew. */
  private sorted: readonly SymbolBook[] | null = null;

  constructor(
    private readonly marks: MarkPrices,
    private readonly books = new Map<string, SymbolBook>(),
  ) {}

  /** Has a symbol folded anew before the unit ends, because of this fact. */
  restate(symbol: string, why: RestatementCause['why'], entry: LedgerEntry): void {
    this.toRestate.set(symbol, [...(this.toRestate.get(symbol) ?? []), { why, entry }]);
  }

  fork(): PositionsState {
    const copy = new PositionsState(this.marks, new Map(this.books));
    for (const [symbol, value] of this.values) copy.values.set(symbol, value);
    copy.totals = this.totals;
    copy.discrepancies = this.discrepancies;
    copy.newStandIns = [...this.newStandIns];
    copy.valuedAt = this.marks.revision;
    return copy;
  }

  /** Books that hold something, for readers. */
  *held(): IterableIterator<SymbolBook> {
    for (const book of this.books.values()) if (book.open.size > 0) yield book;
  }

  /** The same in the order of their symbols. */
  heldBySymbol(): readonly SymbolBook[] {
    this.sorted ??= [...this.held()].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
    return this.sorted;
  }

  *symbols(): IterableIterator<SymbolBook> {
    yield* this.books.values();
  }

  find(symbol: string): SymbolBook | undefined {
    return this.books.get(symbol);
  }

  /** The book of a symbol as this fork's own, made when there is none. */
  edit(symbol: string): SymbolBook {
    const found = this.books.get(symbol);
    this.touched.add(symbol);
    this.sorted = null;
    if (found && this.own.has(symbol)) return found;
    const book = found ? found.clone() : new SymbolBook(symbol);
    this.replace(book);
    return book;
  }

  replace(book: SymbolBook): void {
    this.own.add(book.symbol);
    this.touched.add(book.symbol);
    this.books.set(book.symbol, book);
    this.sorted = null;
  }

  /** Takes in a symbol's new mark. */
  follow(symbol: string, mark: Mark): void {
    const book = this.books.get(symbol);
    if (book?.hasUnpriced) this.standIn(symbol);
    this.value(symbol, book, mark);
  }

  /** Values a symbol at its current mark and carries the difference into the totals. */
  revalue(symbol: string): void {
    this.value(symbol, this.books.get(symbol), this.marks.find(symbol));
  }

  private value(symbol: string, book: SymbolBook | undefined, mark: Mark | undefined): void {
    const before = this.values.get(symbol) ?? NO_VALUE;
    const after = book && book.open.size > 0 ? valueSymbol(book, mark) : NO_VALUE;
    if (after === NO_VALUE) this.values.delete(symbol);
    else this.values.set(symbol, after);
    if (before === NO_VALUE || after === NO_VALUE) this.sorted = null;
    this.totals = replaceValue(this.totals, before, after);
  }

  /** Lets a symbol's mark stand in for entry prices nobody told yet, and remembers which to write down. */
  standIn(symbol: string): void {
    const mark = this.marks.find(symbol);
    const book = this.books.get(symbol);
    if (!mark || !book?.hasUnpriced) return;
    for (const tradeId of book.standIn(mark.price)) {
      this.newStandIns.push({ tradeId, price: mark.price, observedAt: mark.at });
    }
  }

  /** Values what ticked while this state was a fork: ticks reach only committed states. */
  catchUp(before: PositionsState | undefined): void {
    if (before && before !== this) this.newStandIns.push(...before.newStandIns);
    for (const { tradeId, price } of this.newStandIns) {
      for (const book of this.books.values()) if (book.open.has(tradeId)) book.recallStandIn(tradeId, price);
    }
    for (const symbol of this.marks.changedSince(this.valuedAt)) {
      if (!this.books.has(symbol)) continue;
      this.standIn(symbol);
      this.revalue(symbol);
    }
    this.valuedAt = this.marks.revision;
  }
}

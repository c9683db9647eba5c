import type { LedgerEntry } from '../ledger/facts.js';
import type { Decimal } from '../shared/decimal.js';
import { TradeChanges } from './domain/changes.js';
import { SymbolBook } from './domain/symbol-book.js';
import type { Mark, ValueTotals } from './domain/valuation.js';
import { pricedNet, SymbolValue, ValueSums } from './domain/valuation.js';
import type { MarkPrices } from './mark-prices.js';
import type { StandInRow } from './positions-tables.js';

/** Why a symbol is folded anew: `along` = the fact was in time, but came together with one that was not. */
export interface RestatementCause {
  readonly why: 'late' | 'supplemented' | 'corrected' | 'along';
  readonly entry: LedgerEntry;
}

/** A symbol that ticked since the sums were made. */
interface Moving {
  /** What unrealized PnL gains when the price rises by one: base size, long − short, of what has an entry price. */
  readonly net: Decimal;
  /** The last mark. */
  mark: Mark;
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
  private sums = new ValueSums();
  /** The sums as they were asked for last; null = they went on since. */
  private asked: ValueTotals | null = null;
  /** Unrealized PnL with what ticked since the sums were made; null = that of the sums. */
  private live: Decimal | null = null;
  /** What the sums are made of: the values are never changed, forks share them. */
  private readonly values = new Map<string, SymbolValue>();
  private readonly moving = new Map<string, Moving>();
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
    copy.sums = ValueSums.from(this.totals);
    for (const [symbol, value] of this.values) copy.values.set(symbol, value);
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

  /** Sums over all that is held, at the last marks; the same object until one of them changes. */
  get totals(): ValueTotals {
    this.settle();
    return (this.asked ??= this.sums.totals);
  }

  /** Unrealized PnL at the last marks: up to date at every tick, unlike the rest of the sums, which are made when somebody asks. */
  get unrealized(): Decimal {
    return this.live ?? this.totals.unrealized;
  }

  /** What a book of this state is worth at a mark: mostly what is in the sums. */
  valueOf(book: SymbolBook, mark: Mark | undefined): SymbolValue {
    this.settle();
    const value = this.values.get(book.symbol);
    return value?.isOf(book, mark) ? value : SymbolValue.of(book, mark);
  }

  /** Takes in a symbol's new mark: unrealized PnL is price × net size − cost, so that the mark moves it by exactly its own move × net size. */
  follow(symbol: string, mark: Mark): void {
    const before = this.unrealized;
    const moving = this.moving.get(symbol) ?? this.beginMoving(symbol);
    if (!moving) {
      this.standIn(symbol);
      this.value(symbol, mark);
      return;
    }
    this.live = before.plus(mark.price.minus(moving.mark.price).times(moving.net));
    moving.mark = mark;
  }

  /** null when its value at the mark before does not tell the one at the next. */
  private beginMoving(symbol: string): Moving | null {
    const mark = this.values.get(symbol)?.mark;
    const book = this.books.get(symbol);
    if (!mark || !book || book.hasUnpriced) return null;
    const moving = { net: pricedNet(book), mark };
    this.moving.set(symbol, moving);
    return moving;
  }

  /** Carries into the sums what ticked. */
  private settle(): void {
    if (this.moving.size === 0) return;
    for (const [symbol, { mark }] of this.moving) this.carry(symbol, mark);
    this.moving.clear();
  }

  /** Values a symbol at its current mark and carries the difference into the totals. */
  revalue(symbol: string): void {
    this.value(symbol, this.marks.find(symbol));
  }

  private value(symbol: string, mark: Mark | undefined): void {
    this.settle();
    this.carry(symbol, mark);
  }

  private carry(symbol: string, mark: Mark | undefined): void {
    const book = this.books.get(symbol);
    const before = this.values.get(symbol);
    const after = book && book.open.size > 0 ? SymbolValue.of(book, mark) : undefined;
    if (after) this.values.set(symbol, after);
    else this.values.delete(symbol);
    if (!before || !after) this.sorted = null;
    if (before) this.sums.subtract(before);
    if (after) this.sums.add(after);
    if (before || after) this.asked = null;
    this.live = null;
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

  /** Symbols whose cost has to be written because a mark stands in for a price: newly, or in what is written now. */
  *stoodInSymbols(): IterableIterator<string> {
    const fresh = new Set(this.newStandIns.map(({ tradeId }) => tradeId));
    for (const book of fresh.size > 0 ? this.books.values() : []) {
      if ([...fresh].some((tradeId) => book.open.has(tradeId))) yield book.symbol;
    }
    for (const symbol of this.touched) if (this.books.get(symbol)?.isStoodIn) yield symbol;
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

import type { LedgerEntry } from '../ledger/facts.js';
import type { Decimal } from '../shared/decimal.js';
import { RunningSum } from '../shared/running-sum.js';
import type { UnmatchedClose } from './domain/changes.js';
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

/** A symbol of an account. */
export interface HeldSymbol {
  readonly book: SymbolBook;
  /** What it is worth in the account's sums; null = it was never valued, or is flat. Never changed once it is made: forks share it. */
  readonly value: SymbolValue | null;
}

interface Slot extends HeldSymbol {
  book: SymbolBook;
  value: SymbolValue | null;
  /** Of a symbol that ticked since the sums were made: the last mark, and what unrealized PnL gains when the price rises by one (base size, long − short, of what has an entry price). */
  moving: { readonly net: Decimal; mark: Mark } | null;
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
  private live: RunningSum | null = null;
  private readonly slots = new Map<string, Slot>();
  /** Those that ticked since the sums were made. */
  private moving: Slot[] = [];
  private readonly own = new Set<string>();
  private valuedAt = 0;
  /** Those that hold something, by symbol; null = to be sorted anew. */
  private sorted: readonly Slot[] | null = null;
  /** Closes that wait for their open; null = to be looked for anew. */
  private parkedCloses: readonly UnmatchedClose[] | null = null;

  constructor(private readonly marks: MarkPrices) {}

  /** Has a symbol folded anew before the unit ends, because of this fact. */
  restate(symbol: string, why: RestatementCause['why'], entry: LedgerEntry): void {
    this.toRestate.set(symbol, [...(this.toRestate.get(symbol) ?? []), { why, entry }]);
  }

  fork(): PositionsState {
    const copy = new PositionsState(this.marks);
    copy.sums = ValueSums.from(this.totals);
    for (const [symbol, { book, value }] of this.slots) copy.slots.set(symbol, { book, value, moving: null });
    copy.discrepancies = this.discrepancies;
    copy.newStandIns = [...this.newStandIns];
    copy.valuedAt = this.marks.revision;
    return copy;
  }

  /** Books that hold something, for readers. */
  *held(): IterableIterator<SymbolBook> {
    for (const { book } of this.slots.values()) if (book.open.size > 0) yield book;
  }

  /** The same in the order of their symbols, with what they are worth now; to be read before anything else happens. The same list until another symbol is held, or another book. */
  heldBySymbol(): readonly HeldSymbol[] {
    this.settle();
    return (this.sorted ??= [...this.slots.values()]
      .filter(({ book }) => book.open.size > 0)
      .sort((a, b) => (a.book.symbol < b.book.symbol ? -1 : 1)));
  }

  /** Closes that wait for their open and are not booked. Of thousands of symbols hardly one has any. */
  get parked(): readonly UnmatchedClose[] {
    return (this.parkedCloses ??= [...this.slots.values()].flatMap(({ book: { unmatched } }) =>
      unmatched.size === 0 ? [] : [...unmatched.values()].filter(({ booked }) => !booked),
    ));
  }

  *symbols(): IterableIterator<SymbolBook> {
    for (const { book } of this.slots.values()) yield book;
  }

  find(symbol: string): SymbolBook | undefined {
    return this.slots.get(symbol)?.book;
  }

  /** The book of a symbol as this fork's own, made when there is none. */
  edit(symbol: string): SymbolBook {
    const found = this.find(symbol);
    this.touched.add(symbol);
    this.changed();
    if (found && this.own.has(symbol)) return found;
    const book = found ? found.clone() : new SymbolBook(symbol);
    this.replace(book);
    return book;
  }

  replace(book: SymbolBook): void {
    this.own.add(book.symbol);
    this.touched.add(book.symbol);
    const slot = this.slots.get(book.symbol);
    if (slot) slot.book = book;
    else this.slots.set(book.symbol, { book, value: null, moving: null });
    this.changed();
  }

  /** A book is another, or will be. */
  private changed(): void {
    this.sorted = null;
    this.parkedCloses = null;
  }

  /** Sums over all that is held, at the last marks; the same object until one of them changes. */
  get totals(): ValueTotals {
    this.settle();
    return (this.asked ??= this.sums.totals);
  }

  /** Unrealized PnL at the last marks: up to date at every tick, unlike the rest of the sums, which are made when somebody asks. */
  get unrealized(): Decimal {
    return this.live?.value ?? this.totals.unrealized;
  }

  /** A wallet balance and unrealized PnL on top of it: asked for at every tick. */
  onTopOf(wallet: Decimal): Decimal {
    return this.live?.plus(wallet) ?? wallet.plus(this.totals.unrealized);
  }

  /** Takes in a symbol's new mark: unrealized PnL is price × net size − cost, so that the mark moves it by exactly its own move × net size. */
  follow(symbol: string, mark: Mark): void {
    const slot = this.slots.get(symbol);
    if (!slot) return;
    const live = (this.live ??= RunningSum.from(this.totals.unrealized));
    const moving = slot.moving ?? this.beginMoving(slot);
    if (!moving) {
      this.standIn(symbol);
      this.value(slot, mark);
      return;
    }
    live.addProduct(mark.price, moving.net);
    live.addProduct(moving.mark.price, moving.net, -1);
    moving.mark = mark;
  }

  /** null when its value at the mark before does not tell the one at the next. */
  private beginMoving(slot: Slot): Slot['moving'] {
    const mark = slot.value?.mark;
    if (!mark || slot.book.hasUnpriced) return null;
    slot.moving = { net: pricedNet(slot.book), mark };
    this.moving.push(slot);
    return slot.moving;
  }

  /** Carries into the sums what ticked. */
  private settle(): void {
    if (this.moving.length === 0) return;
    for (const slot of this.moving) {
      const { mark } = slot.moving!;
      slot.moving = null;
      this.carry(slot, mark);
    }
    this.moving = [];
  }

  /** Values a symbol at its current mark and carries the difference into the totals. */
  revalue(symbol: string): void {
    const slot = this.slots.get(symbol);
    if (slot) this.value(slot, this.marks.find(symbol));
  }

  private value(slot: Slot, mark: Mark | undefined): void {
    this.settle();
    this.carry(slot, mark);
  }

  private carry(slot: Slot, mark: Mark | undefined): void {
    const before = slot.value;
    const after = slot.book.open.size > 0 ? SymbolValue.of(slot.book, mark) : null;
    slot.value = after;
    if (!before || !after) this.sorted = null;
    if (before) this.sums.subtract(before);
    if (after) this.sums.add(after);
    if (before || after) this.asked = null;
    this.live = null;
  }

  /** Lets a symbol's mark stand in for entry prices nobody told yet, and remembers which to write down. */
  standIn(symbol: string): void {
    const mark = this.marks.find(symbol);
    const book = this.find(symbol);
    if (!mark || !book?.hasUnpriced) return;
    for (const tradeId of book.standIn(mark.price)) {
      this.newStandIns.push({ tradeId, price: mark.price, observedAt: mark.at });
    }
  }

  /** Symbols whose cost has to be written because a mark stands in for a price: newly, or in what is written now. */
  *stoodInSymbols(): IterableIterator<string> {
    const fresh = new Set(this.newStandIns.map(({ tradeId }) => tradeId));
    for (const book of fresh.size > 0 ? this.symbols() : []) {
      if ([...fresh].some((tradeId) => book.open.has(tradeId))) yield book.symbol;
    }
    for (const symbol of this.touched) if (this.find(symbol)?.isStoodIn) yield symbol;
  }

  /** Values what ticked while this state was a fork: ticks reach only committed states. */
  catchUp(before: PositionsState | undefined): void {
    if (before && before !== this) this.newStandIns.push(...before.newStandIns);
    for (const { tradeId, price } of this.newStandIns) {
      for (const book of this.symbols()) if (book.open.has(tradeId)) book.recallStandIn(tradeId, price);
    }
    for (const symbol of this.marks.changedSince(this.valuedAt)) {
      if (!this.slots.has(symbol)) continue;
      this.standIn(symbol);
      this.revalue(symbol);
    }
    this.valuedAt = this.marks.revision;
  }
}

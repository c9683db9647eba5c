import type { Excursion, OpenPart, PriceRange } from './domain/excursion.js';
import {
  joinExcursions,
  joinRanges,
  newExcursion,
  sameExcursion,
  widenExcursion,
  widenRange,
} from './domain/excursion.js';
import type { SymbolBook } from './domain/symbol-book.js';
import type { Trade } from './domain/trade.js';
import type { Mark } from './domain/valuation.js';

/** One symbol of an account: what marks did since they were last taken in, and what each open trade has seen. */
class SymbolExcursions {
  range: PriceRange | null = null;
  /** What marks did since a unit began to work on its own copy of this; undefined while none does. */
  meanwhile: PriceRange | null | undefined = undefined;
  readonly seen = new Map<string, Excursion>();
  /** Trades whose excursion the database does not have yet; of closed ones, too. */
  readonly unwritten = new Map<string, Excursion>();

  clone(): SymbolExcursions {
    const copy = new SymbolExcursions();
    for (const [tradeId, excursion] of this.seen) copy.seen.set(tradeId, excursion);
    for (const [tradeId, excursion] of this.unwritten) copy.unwritten.set(tradeId, excursion);
    return copy;
  }

  keep(tradeId: string, excursion: Excursion): void {
    const before = this.seen.get(tradeId);
    if (before && sameExcursion(before, excursion)) return;
    this.seen.set(tradeId, excursion);
    this.unwritten.set(tradeId, excursion);
  }

  widen(book: SymbolBook, trade: Trade, range: PriceRange): void {
    const part = partOf(book, trade);
    this.keep(trade.tradeId, widenExcursion(this.seen.get(trade.tradeId) ?? newExcursion(part), part, range));
  }
}

/** An excursion that has to be written. */
export interface UnwrittenExcursion {
  readonly symbol: string;
  readonly tradeId: string;
  readonly excursion: Excursion;
}

/**
 * What the open trades of an account saw. A tick only widens the range of its symbol; the range is taken into the trades once a second,
 * and before any of them changes, so that a trade never sees a mark from before its open or after its close, nor with another quantity.
 * Symbols are shared with the fork until a unit touches them: ticks reach only the committed state.
 */
export class ExcursionState {
  private readonly touched = new Set<string>();

  constructor(
    private readonly symbols = new Map<string, SymbolExcursions>(),
    /** The committed state that this one was forked from; null once it is committed itself. */
    private origin: ExcursionState | null = null,
  ) {}

  fork(): ExcursionState {
    return new ExcursionState(new Map(this.symbols), this);
  }

  /** Takes in a mark: whatever is open in the symbol has seen it. */
  see(symbol: string, { price, at }: Mark): void {
    const own = this.of(symbol);
    own.range = widenRange(own.range, price, at);
    if (own.meanwhile !== undefined) own.meanwhile = widenRange(own.meanwhile, price, at);
  }

  /** Lets the open trades of a symbol see what its marks did since the last time. */
  takeIn(book: SymbolBook): void {
    const own = this.symbols.get(book.symbol);
    if (!own?.range) return;
    const { range } = own;
    own.range = null;
    for (const trade of book.open.values()) own.widen(book, trade, range);
  }

  /** Lets each open trade of a symbol see the present mark, unless that is older than the trade. */
  seePresent(book: SymbolBook, mark: Mark | undefined): void {
    const own = this.of(book.symbol);
    for (const trade of book.open.values()) {
      if (!own.seen.has(trade.tradeId)) own.keep(trade.tradeId, newExcursion(partOf(book, trade)));
      if (mark && mark.at >= trade.openedAt!) own.widen(book, trade, widenRange(null, mark.price, mark.at));
    }
  }

  /** Makes a symbol this fork's own, after the committed trades (`committed`) saw what there was to see. */
  touch(symbol: string, committed: SymbolBook | undefined): void {
    if (this.touched.has(symbol)) return;
    this.touched.add(symbol);
    if (committed) this.origin?.takeIn(committed);
    const shared = this.of(symbol);
    shared.meanwhile = null;
    this.symbols.set(symbol, shared.clone());
  }

  /** Forgets the trades that are no longer open; what they saw is still to be written. */
  forgetClosed(book: SymbolBook): void {
    const own = this.symbols.get(book.symbol);
    for (const tradeId of own?.seen.keys() ?? []) if (!book.open.has(tradeId)) own!.seen.delete(tradeId);
  }

  /**
   * Takes the place of a committed state: of its origin, with the marks that reached that one while a unit worked, or of one that another
   * replica's commit outdated, with all that it saw and the database may not have yet. Returns the symbols that changed; null = any may have.
   */
  succeed(before: ExcursionState | null): ReadonlySet<string> | null {
    const isFork = this.isForkOf(before);
    this.origin = null;
    if (before && !isFork) this.absorb(before);
    if (!before || !isFork) return null;
    for (const symbol of this.touched) {
      const meanwhile = before.symbols.get(symbol)?.meanwhile;
      const own = this.of(symbol);
      if (meanwhile) own.range = own.range ? joinRanges(own.range, meanwhile) : meanwhile;
    }
    const changed = new Set(this.touched);
    this.touched.clear();
    return changed;
  }

  isForkOf(other: ExcursionState | null): boolean {
    return other !== null && this.origin === other;
  }

  private absorb(before: ExcursionState): void {
    for (const [symbol, other] of before.symbols) {
      const own = this.of(symbol);
      for (const [tradeId, excursion] of [...other.unwritten, ...other.seen]) {
        const known = own.seen.get(tradeId);
        own.keep(tradeId, known ? joinExcursions(excursion, known) : excursion);
      }
    }
  }

  /** Puts what the database says of an open trade. */
  put(symbol: string, tradeId: string, excursion: Excursion): void {
    this.of(symbol).seen.set(tradeId, excursion);
  }

  /** What the database does not have yet: of all symbols, or in a unit of those that it touched. */
  *unwritten(which: 'all' | 'touched'): IterableIterator<UnwrittenExcursion> {
    for (const [symbol, own] of this.symbols) {
      if (which === 'touched' && !this.touched.has(symbol)) continue;
      for (const [tradeId, excursion] of own.unwritten) yield { symbol, tradeId, excursion };
    }
  }

  /** Notes that these are in the database; what changed meanwhile stays to be written. */
  written(rows: Iterable<UnwrittenExcursion>): void {
    for (const { symbol, tradeId, excursion } of rows) {
      const own = this.symbols.get(symbol);
      if (own?.unwritten.get(tradeId) === excursion) own.unwritten.delete(tradeId);
    }
  }

  private of(symbol: string): SymbolExcursions {
    const found = this.symbols.get(symbol);
    if (found) return found;
    const made = new SymbolExcursions();
    this.symbols.set(symbol, made);
    return made;
  }
}

function partOf(book: SymbolBook, trade: Trade): OpenPart {
  return {
    side: trade.side!,
    entryPrice: book.entryOf(trade),
    quantity: trade.remaining,
    cost: trade.costBasis,
  };
}

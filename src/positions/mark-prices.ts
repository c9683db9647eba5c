import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../config.js';
import { CONFIG } from '../config.js';
import type { MarkObserved, MarkSource } from '../ledger/facts.js';
import { Refusal } from '../ledger/facts.js';
import { MICROS_PER_SECOND } from '../shared/periods.js';
import type { Mark } from './domain/valuation.js';
import { supersedes } from './domain/valuation.js';

/** A price dated further ahead of our clock than this cannot be one of now. */
const MAX_AHEAD = 60 * MICROS_PER_SECOND;

/** A venue lists some hundreds of symbols. Whoever may tick may invent more, and must not fill the memory with them. */
const MOST_SYMBOLS = 10_000;
/** So many are left when some have to go: they are looked for seldom. */
const SYMBOLS_LEFT = 9_000;

interface KnownMark {
  mark: Mark;
  /** The revision that it came with. */
  changedAt: number;
}

/** The newest price of each symbol: a level, kept in memory, latest wins. */
@Injectable()
export class MarkPrices {
  private readonly known = new Map<string, KnownMark>();
  private readonly ranks: ReadonlyMap<MarkSource, number>;
  private readonly rankOf = (source: MarkSource): number => this.ranks.get(source)!;
  private forgotten = new Set<string>();
  /** Grows by one with each mark taken. */
  revision = 0;

  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'MARK_SOURCES' | 'STALE_MARK_SEC'>) {
    this.ranks = new Map(config.MARK_SOURCES.map((source, rank) => [source, rank]));
  }

  find(symbol: string): Mark | undefined {
    return this.known.get(symbol)?.mark;
  }

  *entries(): IterableIterator<[string, Mark]> {
    for (const [symbol, { mark }] of this.known) yield [symbol, mark];
  }

  /** Symbols whose mark changed after a revision. */
  *changedSince(revision: number): IterableIterator<string> {
    for (const [symbol, { changedAt }] of this.known) if (changedAt > revision) yield symbol;
  }

  /** Marks older than this moment are stale. */
  staleBefore(now: number): number {
    return now - this.config.STALE_MARK_SEC * MICROS_PER_SECOND;
  }

  /**
   * Takes a price unless it is older than the one it would replace or of a source that a fresh better one outranks. Returns whether it
   * was taken. Throws Refusal `dated_ahead` for one dated more than 60 s ahead of our clock.
   */
  offer(next: MarkObserved, now: number): boolean {
    if (next.at > now + MAX_AHEAD)
      throw new Refusal('dated_ahead', 'timestamp: lies more than 60 seconds ahead of our clock');
    if (!this.ranks.has(next.source)) return false;
    if (!supersedes(next, this.find(next.symbol), this.rankOf, this.staleBefore(now))) return false;
    this.put(next.symbol, next);
    return true;
  }

  /** When there are more symbols than any venue has, those go that had no price for longest and that nobody holds. */
  trim(isHeld: (symbol: string) => boolean): void {
    if (this.known.size <= MOST_SYMBOLS) return;
    for (const [symbol] of [...this.known].sort(([, a], [, b]) => a.changedAt - b.changedAt)) {
      if (this.known.size <= SYMBOLS_LEFT) return;
      if (isHeld(symbol)) continue;
      this.known.delete(symbol);
      this.forgotten.add(symbol);
    }
  }

  /** The symbols that went since this was asked last. */
  takeForgotten(): string[] {
    const gone = [...this.forgotten];
    this.forgotten = new Set();
    return gone;
  }

  /** Sets a mark without asking, as when last marks are loaded at start. */
  put(symbol: string, mark: Mark): void {
    this.revision += 1;
    const known = this.known.get(symbol);
    if (known) {
      known.mark = mark;
      known.changedAt = this.revision;
    } else {
      this.known.set(symbol, { mark, changedAt: this.revision });
      this.forgotten.delete(symbol);
    }
  }
}

import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import type { Account } from '../../ledger/account.js';
import { AccountReader } from '../../ledger/account-reader.js';
import { Classification } from '../classification.js';
import type { Decimal } from '../../shared/decimal.js';
import { RunningSum } from '../../shared/running-sum.js';
import { basesOf, nettedBases } from '../domain/position.js';
import type { Holding, SymbolBook } from '../domain/symbol-book.js';
import { SymbolValue, isStale } from '../domain/valuation.js';
import { MarkPrices } from '../mark-prices.js';
import { PositionsProjection } from '../positions-projection.js';
import type { HeldSymbol } from '../positions-state.js';
import { modeOf } from '../symbol-fold.js';
import { HeldPosition, PlacedBase } from './held-position.js';

/** What an account holds now, by symbol, longs before shorts. Throws UnknownAccountError. */
export class GetPositions extends Query<readonly HeldPosition[]> {
  constructor(readonly accountId: string) {
    super();
  }
}

/** Positions of a symbol, and all that they were made of: holdings, values and maps are never changed in place. */
interface Known {
  readonly long: Holding;
  readonly short: Holding;
  readonly map: object;
  readonly bases: readonly PlacedBase[];
  value: SymbolValue | null;
  isStale: boolean;
  positions: readonly HeldPosition[];
}

/** All positions of a list of symbols, and what they were made of. */
interface Listed {
  readonly map: object;
  readonly known: Known[];
  /** By symbol, as its slot had it. */
  readonly values: (SymbolValue | null)[];
  /** Where each symbol's positions begin. */
  readonly firsts: readonly number[];
  /** Between these two moments as the limit of staleness none of the marks changes sides. */
  staleBefore: number;
  oldestFresh: number;
  positions: readonly HeldPosition[];
  /** Σ notional of the positions. */
  readonly exposure: RunningSum;
}

@QueryHandler(GetPositions)
export class GetPositionsHandler implements IQueryHandler<GetPositions> {
  private readonly known = new WeakMap<SymbolBook, Known>();
  /** The same of a list of symbols, in its order. */
  private readonly lists = new WeakMap<readonly HeldSymbol[], Listed>();
  private readonly exposures = new WeakMap<readonly HeldPosition[], Decimal>();
  private readonly isNetting: boolean;

  constructor(
    private readonly accounts: AccountReader,
    private readonly positions: PositionsProjection,
    private readonly marks: MarkPrices,
    private readonly classification: Classification,
    @Inject(CONFIG) config: Config,
  ) {
    this.isNetting = modeOf(config) === 'netting';
  }

  execute({ accountId }: GetPositions): Promise<readonly HeldPosition[]> {
    return Promise.resolve(this.positionsOf(this.accounts.read(accountId), this.accounts.now()));
  }

  /** The positions of an account in any state, committed or staged. One that did not change is the same object again, and so is the list. */
  positionsOf(account: Account, now: number): readonly HeldPosition[] {
    const staleBefore = this.marks.staleBefore(now);
    const state = account.of(this.positions);
    const symbols = state.heldBySymbol();
    const before = this.lists.get(symbols);
    // What a unit is still at changes in place.
    const goesOn = before && state.touched.size === 0 && this.isStillOf(before, staleBefore);
    if (goesOn && this.follow(before, symbols, staleBefore)) return before.positions;
    const listed = this.listed(symbols, before?.known, staleBefore);
    this.lists.set(symbols, listed);
    this.exposures.set(listed.positions, listed.exposure.value);
    return listed.positions;
  }

  /** Σ notional, long + short, ≥ 0, of a list that `positionsOf` gave; what has no price counts nothing. */
  exposureOf(positions: readonly HeldPosition[]): Decimal {
    return this.exposures.get(positions)!;
  }

  /** Whether none of its positions changed by anything but a mark. */
  private isStillOf({ map, staleBefore, oldestFresh }: Listed, limit: number): boolean {
    return map === this.classification.map && staleBefore <= limit && limit <= oldestFresh;
  }

  /** Takes in the symbols whose mark moved, of a thousand mostly some. Returns false when one has other positions than before. */
  private follow(listed: Listed, symbols: readonly HeldSymbol[], staleBefore: number): boolean {
    const { known, values, firsts, exposure } = listed;
    let positions: HeldPosition[] | null = null;
    for (let i = 0; i < symbols.length; i += 1) {
      const symbol = symbols[i]!;
      if (symbol.value !== null && symbol.value === values[i]) continue;
      const before = known[i]!;
      known[i] = this.stillKnown(symbol.book, before);
      if (known[i] !== before) return false;
      positions ??= [...listed.positions];
      const own = this.positionsIn(symbol, before, staleBefore);
      for (const [n, position] of own.entries()) {
        const place = firsts[i]! + n;
        positions[place]!.exposure?.addTo(exposure, -1);
        position.exposure?.addTo(exposure);
        positions[place] = position;
      }
      values[i] = symbol.value;
      if (before.isStale) listed.staleBefore = Math.max(listed.staleBefore, staleBefore);
      listed.oldestFresh = Math.min(listed.oldestFresh, freshAt(before));
    }
    if (positions) {
      listed.positions = positions;
      this.exposures.set(positions, exposure.value);
    }
    return true;
  }

  private listed(symbols: readonly HeldSymbol[], before: Known[] | undefined, staleBefore: number): Listed {
    const positions: HeldPosition[] = [];
    const firsts: number[] = [];
    let oldestFresh = Infinity;
    const known = symbols.map((symbol, i) => {
      const { book } = symbol;
      const own = this.stillKnown(book, before?.[i] ?? this.known.get(book) ?? this.learn(book));
      firsts.push(positions.length);
      for (const position of this.positionsIn(symbol, own, staleBefore)) positions.push(position);
      oldestFresh = Math.min(oldestFresh, freshAt(own));
      return own;
    });
    const values = symbols.map(({ value }) => value);
    const exposure = new RunningSum();
    for (const position of positions) position.exposure?.addTo(exposure);
    const { map } = this.classification;
    return { map, known, values, firsts, staleBefore, oldestFresh, positions, exposure };
  }

  /** Valued as the account's sums are, at the mark that they took in last, so that the positions come to the sums. */
  private positionsIn(symbol: HeldSymbol, known: Known, staleBefore: number): readonly HeldPosition[] {
    const value = this.valueOf(symbol);
    const stale = isStale(value.mark, staleBefore);
    if (known.value !== value || known.isStale !== stale) {
      known.value = value;
      known.isStale = stale;
      known.positions = known.bases.map((base) => new HeldPosition(base, value, stale));
    }
    return known.positions;
  }

  /** A book that a unit is still at has no value in the sums yet. */
  private valueOf({ book, value }: HeldSymbol): SymbolValue {
    return value?.isOf(book) ? value : SymbolValue.of(book, this.marks.find(book.symbol));
  }

  /** What is known of a book, learned anew when it holds something else or its place is another. */
  private stillKnown(book: SymbolBook, known: Known): Known {
    const isSame = known.long === book.holding('LONG') && known.short === book.holding('SHORT');
    return isSame && known.map === this.classification.map ? known : this.learn(book);
  }

  private learn(book: SymbolBook): Known {
    const known: Known = {
      long: book.holding('LONG'),
      short: book.holding('SHORT'),
      map: this.classification.map,
      bases: this.basesIn(book),
      value: null,
      isStale: false,
      positions: [],
    };
    this.known.set(book, known);
    return known;
  }

  private basesIn(book: SymbolBook): PlacedBase[] {
    const sides = basesOf(book);
    const sector = this.classification.sectorOf(book.symbol);
    const category = this.classification.categoryOf(book.symbol);
    return (this.isNetting ? nettedBases(sides) : sides).map(
      (base) => new PlacedBase(base, sector, category),
    );
  }
}

/** When the mark was told that values these positions; infinity when it is stale already, or there is none. */
function freshAt({ value, isStale: stale }: Known): number {
  return stale ? Infinity : (value?.mark?.at ?? Infinity);
}

import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import type { Account } from '../../ledger/account.js';
import { AccountReader } from '../../ledger/account-reader.js';
import { Classification } from '../classification.js';
import { basesOf, nettedBases } from '../domain/position.js';
import type { Holding, SymbolBook } from '../domain/symbol-book.js';
import { SymbolValue, isStale } from '../domain/valuation.js';
import { MarkPrices } from '../mark-prices.js';
import { PositionsProjection } from '../positions-projection.js';
import type { HeldSymbol } from '../positions-state.js';
import { modeOf } from '../symbol-fold.js';
import { HeldPosition, PlacedBase } from './held-position.js';

/** What an account holds now, by symbol, longs before shorts. Throws UnknownAccountError. */
export class GetPositions extends Query<HeldPosition[]> {
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

@QueryHandler(GetPositions)
export class GetPositionsHandler implements IQueryHandler<GetPositions> {
  private readonly known = new WeakMap<SymbolBook, Known>();
  /** The same of a list of books, in its order: one look instead of one for each. */
  private readonly lists = new WeakMap<readonly HeldSymbol[], Known[]>();
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

  execute({ accountId }: GetPositions): Promise<HeldPosition[]> {
    return Promise.resolve(this.positionsOf(this.accounts.read(accountId), this.accounts.now()));
  }

  /** The positions of an account in any state, committed or staged. One that did not change is the same object again. */
  positionsOf(account: Account, now: number): HeldPosition[] {
    const staleBefore = this.marks.staleBefore(now);
    const held: HeldPosition[] = [];
    const symbols = account.of(this.positions).heldBySymbol();
    const list = this.listOf(symbols);
    for (let i = 0; i < symbols.length; i += 1) {
      const known = (list[i] = this.stillKnown(symbols[i]!.book, list[i]!));
      for (const position of this.positionsIn(symbols[i]!, known, staleBefore)) held.push(position);
    }
    return held;
  }

  private listOf(symbols: readonly HeldSymbol[]): Known[] {
    const found = this.lists.get(symbols);
    if (found) return found;
    const list = symbols.map(({ book }) => this.known.get(book) ?? this.learn(book));
    this.lists.set(symbols, list);
    return list;
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

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
import type { Mark } from '../domain/valuation.js';
import { isStale } from '../domain/valuation.js';
import { MarkPrices } from '../mark-prices.js';
import { PositionsProjection } from '../positions-projection.js';
import type { PositionsState } from '../positions-state.js';
import { modeOf } from '../symbol-fold.js';
import type { PlacedBase } from './held-position.js';
import { FixedText, HeldPosition } from './held-position.js';

/** What an account holds now, by symbol, longs before shorts. Throws UnknownAccountError. */
export class GetPositions extends Query<HeldPosition[]> {
  constructor(readonly accountId: string) {
    super();
  }
}

/** Positions of a symbol, and all that they were made of: holdings, marks and maps are never changed in place. */
interface Known {
  readonly long: Holding;
  readonly short: Holding;
  readonly map: object;
  readonly bases: readonly PlacedBase[];
  mark: Mark | undefined;
  isStale: boolean;
  positions: readonly HeldPosition[];
}

@QueryHandler(GetPositions)
export class GetPositionsHandler implements IQueryHandler<GetPositions> {
  private readonly known = new WeakMap<SymbolBook, Known>();
  /** The same of a list of books, in its order: one look instead of one for each. */
  private readonly lists = new WeakMap<readonly SymbolBook[], Known[]>();
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
    const state = account.of(this.positions);
    const books = state.heldBySymbol();
    const list = this.listOf(books);
    for (let i = 0; i < books.length; i += 1) {
      const known = (list[i] = this.stillKnown(books[i]!, list[i]!));
      for (const position of this.positionsIn(state, books[i]!, known, staleBefore)) held.push(position);
    }
    return held;
  }

  private listOf(books: readonly SymbolBook[]): Known[] {
    const list = this.lists.get(books) ?? books.map((book) => this.known.get(book) ?? this.learn(book));
    this.lists.set(books, list);
    return list;
  }

  private positionsIn(
    state: PositionsState,
    book: SymbolBook,
    known: Known,
    staleBefore: number,
  ): readonly HeldPosition[] {
    const mark = this.marks.find(book.symbol);
    const stale = isStale(mark, staleBefore);
    if (known.mark !== mark || known.isStale !== stale || known.positions === NOT_VALUED) {
      const value = state.valueOf(book, mark);
      known.mark = mark;
      known.isStale = stale;
      known.positions = known.bases.map((base) => new HeldPosition(base, value, stale));
    }
    return known.positions;
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
      mark: undefined,
      isStale: false,
      positions: NOT_VALUED,
    };
    this.known.set(book, known);
    return known;
  }

  private basesIn(book: SymbolBook): PlacedBase[] {
    const sides = basesOf(book);
    const sector = this.classification.sectorOf(book.symbol);
    const category = this.classification.categoryOf(book.symbol);
    return (this.isNetting ? nettedBases(sides) : sides).map((base) => ({
      ...base,
      sector,
      category: base.category ?? category,
      fixed: new FixedText(),
    }));
  }
}

const NOT_VALUED: readonly HeldPosition[] = [];

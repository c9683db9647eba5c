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
import { HeldPosition } from './held-position.js';

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
    for (const book of state.heldBySymbol())
      for (const position of this.positionsIn(state, book, staleBefore)) held.push(position);
    return held;
  }

  private positionsIn(state: PositionsState, book: SymbolBook, staleBefore: number): readonly HeldPosition[] {
    const mark = this.marks.find(book.symbol);
    const stale = isStale(mark, staleBefore);
    const known = this.knownOf(book);
    if (known.mark !== mark || known.isStale !== stale || known.positions === NOT_VALUED) {
      const value = state.valueOf(book, mark);
      known.mark = mark;
      known.isStale = stale;
      known.positions = known.bases.map((base) => new HeldPosition(base, value, stale));
    }
    return known.positions;
  }

  private knownOf(book: SymbolBook): Known {
    const [long, short] = [book.holding('LONG'), book.holding('SHORT')];
    const { map } = this.classification;
    const known = this.known.get(book);
    if (known?.long === long && known.short === short && known.map === map) return known;
    const bases = this.basesIn(book);
    const made: Known = { long, short, map, bases, mark: undefined, isStale: false, positions: NOT_VALUED };
    this.known.set(book, made);
    return made;
  }

  private basesIn(book: SymbolBook): PlacedBase[] {
    const sides = basesOf(book);
    const sector = this.classification.sectorOf(book.symbol);
    const category = this.classification.categoryOf(book.symbol);
    return (this.isNetting ? nettedBases(sides) : sides).map((base) => ({
      ...base,
      sector,
      category: base.category ?? category,
    }));
  }
}

const NOT_VALUED: readonly HeldPosition[] = [];

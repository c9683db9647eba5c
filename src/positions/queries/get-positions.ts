import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import type { Account } from '../../ledger/account.js';
import { AccountReader } from '../../ledger/account-reader.js';
import { Classification } from '../classification.js';
import type { PositionBase } from '../domain/position.js';
import { basesOf, nettedPosition, positionAt } from '../domain/position.js';
import type { Holding, SymbolBook } from '../domain/symbol-book.js';
import type { Mark } from '../domain/valuation.js';
import { MarkPrices } from '../mark-prices.js';
import { PositionsProjection } from '../positions-projection.js';
import { modeOf } from '../symbol-fold.js';
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
  readonly bases: readonly PositionBase[];
  readonly sector: string;
  /** Of trades that told none. */
  readonly category: string;
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
    for (const book of account.of(this.positions).heldBySymbol())
      for (const position of this.positionsIn(book, staleBefore)) held.push(position);
    return held;
  }

  private positionsIn(book: SymbolBook, staleBefore: number): readonly HeldPosition[] {
    const mark = this.marks.find(book.symbol);
    const isStale = mark !== undefined && mark.at < staleBefore;
    const known = this.knownOf(book);
    if (known.mark !== mark || known.isStale !== isStale || known.positions === NOT_VALUED) {
      known.mark = mark;
      known.isStale = isStale;
      known.positions = this.valued(known, mark, staleBefore);
    }
    return known.positions;
  }

  private knownOf(book: SymbolBook): Known {
    const [long, short] = [book.holding('LONG'), book.holding('SHORT')];
    const { map } = this.classification;
    const known = this.known.get(book);
    if (known?.long === long && known.short === short && known.map === map) return known;
    const made: Known = {
      long,
      short,
      map,
      bases: basesOf(book),
      sector: this.classification.sectorOf(book.symbol),
      category: this.classification.categoryOf(book.symbol),
      mark: undefined,
      isStale: false,
      positions: NOT_VALUED,
    };
    this.known.set(book, made);
    return made;
  }

  private valued(
    { bases, sector, category }: Known,
    mark: Mark | undefined,
    staleBefore: number,
  ): HeldPosition[] {
    const sides = bases.map((base) => positionAt(base, mark, staleBefore));
    return (this.isNetting ? nettedPosition(sides) : sides).map(
      (position) => new HeldPosition(position, sector, position.category ?? category),
    );
  }
}

const NOT_VALUED: readonly HeldPosition[] = [];

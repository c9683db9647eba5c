import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import type { Account } from '../../ledger/account.js';
import { AccountReader } from '../../ledger/account-reader.js';
import type { Decimal } from '../../shared/decimal.js';
import { keepText } from '../../shared/json-text.js';
import { isoOf } from '../../shared/periods.js';
import { Classification } from '../classification.js';
import type { Position } from '../domain/position.js';
import { nettedPosition, positionsOf } from '../domain/position.js';
import type { SymbolBook } from '../domain/symbol-book.js';
import type { Mark } from '../domain/valuation.js';
import { MarkPrices } from '../mark-prices.js';
import { PositionsProjection } from '../positions-projection.js';
import { modeOf } from '../symbol-fold.js';

/** A position with its place in the classification. */
export interface HeldPosition extends Position {
  readonly sector: string;
  readonly category: string;
}

/** A position as it is answered; see Position for units and null cases. */
export type PositionBody = {
  readonly symbol: string;
  readonly side: string;
  readonly size: Decimal;
  readonly entry_price: Decimal | null;
  readonly current_price: Decimal | null;
  readonly unrealized_pnl: Decimal | null;
  readonly unrealized_pnl_pct: Decimal | null;
  readonly exposure: Decimal | null;
  readonly leverage: Decimal | null;
  readonly category: string;
  readonly sector: string;
  readonly cost_basis: Decimal;
  readonly open_trades: number;
  readonly opened_at: string;
  readonly price_source: string;
  readonly price_at: string | null;
  readonly price_stale: boolean;
};

/** What an account holds now, by symbol, longs before shorts. Throws UnknownAccountError. */
export class GetPositions extends Query<HeldPosition[]> {
  constructor(readonly accountId: string) {
    super();
  }
}

/** Positions, and all that they were made of: holdings, marks and maps are never changed in place. */
interface Known {
  readonly madeOf: readonly unknown[];
  readonly positions: readonly HeldPosition[];
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
    return account
      .of(this.positions)
      .heldBySymbol()
      .flatMap((book) => this.positionsIn(book, staleBefore));
  }

  private positionsIn(book: SymbolBook, staleBefore: number): readonly HeldPosition[] {
    const mark = this.marks.find(book.symbol);
    const madeOf = [
      book.holding('LONG'),
      book.holding('SHORT'),
      mark,
      mark !== undefined && mark.at < staleBefore,
      this.classification.map,
    ];
    const known = this.known.get(book);
    if (known?.madeOf.every((part, i) => part === madeOf[i])) return known.positions;
    const positions = this.valued(book, mark, staleBefore);
    this.known.set(book, { madeOf, positions });
    return positions;
  }

  private valued(book: SymbolBook, mark: Mark | undefined, staleBefore: number): HeldPosition[] {
    const sides = positionsOf(book, mark, staleBefore);
    return (this.isNetting ? nettedPosition(sides) : sides).map((position) => ({
      ...position,
      sector: this.classification.sectorOf(position.symbol),
      category: position.category ?? this.classification.categoryOf(position.symbol),
    }));
  }
}

const bodies = new WeakMap<HeldPosition, PositionBody>();

/** The position as it is answered; of one and the same position it is one and the same body, written once. */
export function positionBody(position: HeldPosition): PositionBody {
  const known = bodies.get(position);
  if (known) return known;
  const body = keepText(bodyOf(position));
  bodies.set(position, body);
  return body;
}

function bodyOf(position: HeldPosition): PositionBody {
  return {
    symbol: position.symbol,
    side: position.side,
    size: position.size,
    entry_price: position.entryPrice,
    current_price: position.currentPrice,
    unrealized_pnl: position.unrealizedPnl,
    unrealized_pnl_pct: position.unrealizedPnlPct,
    exposure: position.exposure,
    leverage: position.leverage,
    category: position.category,
    sector: position.sector,
    cost_basis: position.costBasis,
    open_trades: position.openTrades,
    opened_at: isoOf(position.openedAt),
    price_source: position.priceSource,
    price_at: position.priceAt === null ? null : isoOf(position.priceAt),
    price_stale: position.priceStale,
  };
}

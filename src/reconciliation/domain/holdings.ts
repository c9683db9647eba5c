import type { HoldingsReport, PositionReport, Side } from '../../ledger/facts.js';
import type { SymbolBook } from '../../positions/domain/symbol-book.js';
import { NOTHING_HELD } from '../../positions/domain/symbol-book.js';
import { Decimal } from '../../shared/decimal.js';

export const SIDES: readonly Side[] = ['LONG', 'SHORT'];

/** What we held on one side of a symbol. */
export interface OurSide {
  /** Base size, ≥ 0. */
  readonly quantity: Decimal;
  /** Average; null when nothing is held or the price of a part of it is not known. */
  readonly entryPrice: Decimal | null;
  /** True when a part of it averages (fills, or what was adopted before), so that the exchange's entry price can be taken over. */
  readonly averages: boolean;
  /** What the rest cost, ≥ 0: lots whose prices others told. */
  readonly fixedCost: Decimal;
}

/** What the exchange says it holds there. */
export interface TheirSide {
  readonly quantity: Decimal;
  readonly entryPrice: Decimal | null;
  readonly markPrice: Decimal | null;
  readonly unrealizedPnl: Decimal | null;
  readonly leverage: Decimal | null;
}

/** Both sides of a symbol; null = nothing is said of that side. */
export type Sides<One> = Readonly<Record<Side, One>>;

/** What a book holds, by side; a symbol that was never heard of holds nothing. */
export function ourSides(book: SymbolBook | undefined): Sides<OurSide> {
  return { LONG: ourSide(book, 'LONG'), SHORT: ourSide(book, 'SHORT') };
}

function ourSide(book: SymbolBook | undefined, side: Side): OurSide {
  const { quantity, pricedQuantity, costBasis } = book?.holding(side) ?? NOTHING_HELD;
  const isPriced = quantity.isPositive() && quantity.equals(pricedQuantity);
  const averaged = [...(book?.open.values() ?? [])].filter(
    (trade) => trade.side === side && trade.costBasis !== null,
  );
  return {
    quantity,
    entryPrice: isPriced ? costBasis.dividedBy(quantity) : null,
    averages: averaged.length > 0,
    fixedCost: costBasis.minus(Decimal.sum(averaged.map((trade) => trade.costBasis!))),
  };
}

const NOTHING: TheirSide = {
  quantity: Decimal.ZERO,
  entryPrice: null,
  markPrice: null,
  unrealizedPnl: null,
  leverage: null,
};

/**
 * What a report says of a symbol, by side. Absence means flat only in a complete report; where positions net (`nets`) a side that is held
 * says that the other is not.
 */
export function theirSides(
  { positions, complete }: Pick<HoldingsReport, 'positions' | 'complete'>,
  symbol: string,
  nets: boolean,
): Sides<TheirSide | null> {
  const told = positions.filter((position) => position.symbol === symbol);
  const isFlat = told.some(({ side }) => side === 'FLAT');
  const of = (side: Side): TheirSide | null => {
    const own = told.find((position) => position.side === side);
    if (own) return own satisfies PositionReport;
    const isAbsent = complete || isFlat || (nets && told.length > 0);
    return isAbsent ? NOTHING : null;
  };
  return { LONG: of('LONG'), SHORT: of('SHORT') };
}

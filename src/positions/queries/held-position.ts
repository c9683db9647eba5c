import type { Micros, Side } from '../../ledger/facts.js';
import type { Decimal } from '../../shared/decimal.js';
import type { Json, Unchanging } from '../../shared/json-text.js';
import { decimalText, jsonText } from '../../shared/json-text.js';
import { isoOf } from '../../shared/periods.js';
import type { PositionBase } from '../domain/position.js';
import { Position } from '../domain/position.js';
import type { Holding } from '../domain/symbol-book.js';
import type { SymbolValue } from '../domain/valuation.js';

/**
 * What of a position stays the same whatever its mark is, with its place in the classification. Of one class and not spread together: ten
 * thousand of them are read for one answer, and reading objects of many shapes costs ten times as much.
 */
export class PlacedBase implements PositionBase {
  readonly symbol: string;
  readonly side: Side;
  readonly held: Holding;
  readonly entryPrice: Decimal | null;
  readonly unmarkedPrice: Decimal | null;
  readonly leverage: Decimal | null;
  /** As told by its latest trade, else by the map. */
  readonly category: string;
  readonly openedAt: Micros;
  readonly entryUnknown: boolean;
  readonly isNetted: boolean;
  readonly fixed = new FixedText();

  constructor(
    base: PositionBase,
    readonly sector: string,
    categoryInMap: string,
  ) {
    this.symbol = base.symbol;
    this.side = base.side;
    this.held = base.held;
    this.entryPrice = base.entryPrice;
    this.unmarkedPrice = base.unmarkedPrice;
    this.leverage = base.leverage;
    this.category = base.category ?? categoryInMap;
    this.openedAt = base.openedAt;
    this.entryUnknown = base.entryUnknown;
    this.isNetted = base.isNetted;
  }
}

/** The text of the members that stay the same, written once for each way of writing numbers and put into every text of the position. */
class FixedText {
  private readonly written: [Fixed?, Fixed?] = [];

  of(base: PlacedBase, strings: boolean): Fixed {
    return (this.written[strings ? 1 : 0] ??= {
      first: membersText(firstMembers(base), strings),
      middle: membersText(middleMembers(base), strings),
    });
  }
}

/** What stands before the members that change with the mark, and what between them. */
interface Fixed {
  readonly first: string;
  readonly middle: string;
}

const firstMembers = ({ symbol, side, held, entryPrice }: PlacedBase) =>
  ({ symbol, side, size: held.quantity, entry_price: entryPrice }) satisfies Partial<PositionBody>;

const middleMembers = ({ leverage, category, sector, held, openedAt }: PlacedBase) =>
  ({
    leverage,
    category,
    sector,
    cost_basis: held.costBasis,
    open_trades: held.trades,
    opened_at: isoOf(openedAt),
  }) satisfies Partial<PositionBody>;

const momentText = (at: Micros | null) => (at === null ? 'null' : `"${isoOf(at)}"`);
const membersText = (members: Json, strings: boolean) => jsonText(members, strings).slice(1, -1);

/** The members of a position's answer. */
export function positionBody(position: HeldPosition): PositionBody {
  return {
    ...firstMembers(position.base),
    current_price: position.currentPrice,
    unrealized_pnl: position.unrealizedPnl,
    unrealized_pnl_pct: position.unrealizedPnlPct,
    exposure: position.exposure,
    ...middleMembers(position.base),
    price_source: position.priceSource,
    price_at: position.priceAt === null ? null : isoOf(position.priceAt),
    price_stale: position.priceStale,
  };
}

/** A position with its place in the classification. Its answer, a PositionBody, is written once, and only when somebody asks for it. */
export class HeldPosition extends Position<PlacedBase> implements Unchanging {
  private asNumbers: string | null;
  private asStrings: string | null;

  // Written out, because the constructor that a class without one has costs a tenth of a revaluation.
  constructor(base: PlacedBase, value: SymbolValue, priceStale: boolean) {
    super(base, value, priceStale);
    this.asNumbers = null;
    this.asStrings = null;
  }

  get sector(): string {
    return this.base.sector;
  }

  text(strings: boolean): string {
    if (strings) return (this.asStrings ??= this.write(true));
    return (this.asNumbers ??= this.write(false));
  }

  // The text of `positionBody`, member by member: ten positions are written for each answer while prices move, and a walk over an object costs five times
  // as much. Joined, because a text that was put together by `+` keeps all its pieces: a thousand positions would hold half a megabyte more, and
  // each collection of the young would copy it.
  private write(strings: boolean): string {
    const { first, middle } = this.base.fixed.of(this.base, strings);
    const number = (value: Decimal | null) => decimalText(value, strings);
    return [
      '{',
      first,
      ',"current_price":',
      number(this.currentPrice),
      ',"unrealized_pnl":',
      number(this.unrealizedPnl),
      ',"unrealized_pnl_pct":',
      number(this.unrealizedPnlPct),
      ',"exposure":',
      number(this.exposure),
      ',',
      middle,
      ',"price_source":"',
      this.priceSource,
      '","price_at":',
      momentText(this.priceAt),
      ',"price_stale":',
      this.priceStale,
      '}',
    ].join('');
  }
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

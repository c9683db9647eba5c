import type { Decimal } from '../../shared/decimal.js';
import type { Unchanging } from '../../shared/json-text.js';
import { jsonText } from '../../shared/json-text.js';
import { isoOf } from '../../shared/periods.js';
import type { PositionBase } from '../domain/position.js';
import { Position } from '../domain/position.js';

/** The members of a position's answer. */
export function positionBody(position: HeldPosition): PositionBody {
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

/** What of a position stays the same whatever its mark is, with its place in the classification. */
export interface PlacedBase extends PositionBase {
  readonly sector: string;
  /** As told by its latest trade, else by the map. */
  readonly category: string;
}

/** A position with its place in the classification. Its answer, a PositionBody, is written once, and only when somebody asks for it. */
export class HeldPosition extends Position<PlacedBase> implements Unchanging {
  private asNumbers: string | null = null;
  private asStrings: string | null = null;

  get sector(): string {
    return this.base.sector;
  }

  text(strings: boolean): string {
    if (strings) return (this.asStrings ??= jsonText(positionBody(this), true));
    return (this.asNumbers ??= jsonText(positionBody(this)));
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

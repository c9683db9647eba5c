import type { Micros, Side } from '../../ledger/facts.js';
import type { Decimal } from '../../shared/decimal.js';
import { Unchanging } from '../../shared/json-text.js';
import { isoOf } from '../../shared/periods.js';
import type { Position } from '../domain/position.js';

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

/** A position with its place in the classification. Its answer, a PositionBody, is written once, and only when somebody asks for it. */
export class HeldPosition extends Unchanging implements Position {
  readonly symbol: string;
  readonly side: Side;
  readonly size: Decimal;
  readonly entryPrice: Decimal | null;
  readonly currentPrice: Decimal | null;
  readonly priceSource: string;
  readonly priceAt: Micros | null;
  readonly priceStale: boolean;
  readonly costBasis: Decimal;
  readonly unrealizedPnl: Decimal | null;
  readonly unrealizedPnlPct: Decimal | null;
  readonly exposure: Decimal | null;
  readonly leverage: Decimal | null;
  readonly openTrades: number;
  readonly openedAt: Micros;
  readonly entryUnknown: boolean;

  // Field by field: ten thousand of them are made for one answer, and a spread costs ten times as much.
  constructor(
    position: Position,
    readonly sector: string,
    readonly category: string,
  ) {
    super();
    this.symbol = position.symbol;
    this.side = position.side;
    this.size = position.size;
    this.entryPrice = position.entryPrice;
    this.currentPrice = position.currentPrice;
    this.priceSource = position.priceSource;
    this.priceAt = position.priceAt;
    this.priceStale = position.priceStale;
    this.costBasis = position.costBasis;
    this.unrealizedPnl = position.unrealizedPnl;
    this.unrealizedPnlPct = position.unrealizedPnlPct;
    this.exposure = position.exposure;
    this.leverage = position.leverage;
    this.openTrades = position.openTrades;
    this.openedAt = position.openedAt;
    this.entryUnknown = position.entryUnknown;
  }

  protected override members(): PositionBody {
    return positionBody(this);
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

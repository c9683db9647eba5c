import type { Micros, Side } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';

/** ORPHAN: known only by its close, which carried enough to be booked by itself. */
export type TradeStatus = 'OPEN' | 'CLOSED' | 'ORPHAN';

/**
 * One opened … closed pair: a lot with its own entry price. Quantities are base sizes ≥ 0, the side carries the sign; prices are
 * quote per base; money is in the account's currency. Never changed in place.
 */
export interface Trade {
  readonly tradeId: string;
  readonly symbol: string;
  /** null only for an orphan whose close told no side. */
  readonly side: Side | null;
  readonly status: TradeStatus;
  /** Opened size; for an orphan what its closes closed, null when they did not tell. */
  readonly quantity: Decimal | null;
  /** Still open, 0 when closed. */
  readonly remaining: Decimal;
  /**
   * What the open quantity cost, ≥ 0, when fills or statements of the exchange average into it; null for a lot, whose cost is
   * remaining × entry price.
   */
  readonly costBasis: Decimal | null;
  /** null = not known yet (a market order). */
  readonly entryPrice: Decimal | null;
  /** Who told the entry price: the open (or what supplements it) outranks an execution, that a close; or the exchange's statement. */
  readonly entryFrom: 'open' | 'execution' | 'close' | 'reconciliation' | null;
  /** Quantity-weighted average of the closes so far (half-even at 18 places); null when one of them told no price. */
  readonly exitPrice: Decimal | null;
  /** Σ quantity × exit price of the closes that told a price. */
  readonly exitNotional: Decimal;
  readonly openedAt: Micros | null;
  readonly openedVersion: number | null;
  readonly closedAt: Micros | null;
  readonly leverage: Decimal | null;
  readonly stopLoss: Decimal | null;
  readonly takeProfit: Decimal | null;
  /** Opening fee, ≥ 0, booked when the trade opened. */
  readonly fee: Decimal | null;
  /** The part of the opening fee that belongs to what was closed so far. */
  readonly feeAttributed: Decimal;
  readonly category: string | null;
  readonly model: string | null;
  readonly closeReason: string | null;
  /** Net: Σ of all that was booked on this trade, its opening fee included. */
  readonly realizedPnl: Decimal;
  /** Σ of what producers reported, null when none did. */
  readonly reportedPnl: Decimal | null;
  /** What the producer's own, other rule says the whole trade earned: shown and compared, never booked; null when none told one. */
  readonly claimedPnl: Decimal | null;
  /** True when a close could be neither computed nor was reported: `realizedPnl` then lacks it. */
  readonly pnlUnknown: boolean;
  readonly lastCloseAt: Micros | null;
  /** Breaks ties between closes of one microsecond: the close's identity. */
  readonly lastCloseKey: string | null;
  readonly closes: number;
}

/** +1 for a long, −1 for a short: the sign of its quantity. */
export function signOf(side: Side): Decimal {
  return side === 'LONG' ? Decimal.ONE : Decimal.ONE.negated();
}

/** A finished trade as statistics count it: net PnL, sign + = won. */
export interface ClosedTrade {
  readonly tradeId: string;
  readonly closedAt: Micros;
  readonly pnl: Decimal;
}

/** The trade as statistics count it; null while it is open or its PnL is not known. */
export function closedTradeOf(trade: Trade | null): ClosedTrade | null {
  if (!trade || trade.closedAt === null || trade.pnlUnknown) return null;
  return { tradeId: trade.tradeId, closedAt: trade.closedAt, pnl: trade.realizedPnl };
}

/** What a symbol's trades need of an open: its fact with later supplements merged in. */
export const NO_TRADE_YET = {
  costBasis: null,
  exitPrice: null,
  exitNotional: Decimal.ZERO,
  closedAt: null,
  feeAttributed: Decimal.ZERO,
  closeReason: null,
  reportedPnl: null,
  claimedPnl: null,
  pnlUnknown: false,
  lastCloseAt: null,
  lastCloseKey: null,
  closes: 0,
} as const;

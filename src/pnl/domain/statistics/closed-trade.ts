import { Decimal } from '../../../shared/decimal.js';

/** What trade statistics need of a closed trade. */
export interface ClosedTrade {
  /** Net realized PnL, in the account's currency. */
  readonly pnl: Decimal;
  /** Counts as a win or not whatever its PnL (an option assigned in the money); null = the PnL decides. */
  readonly isWin: boolean | null;
}

/** A statistic is a ratio, not money: it is rounded half-even at 28 places, so that ratios of ratios still agree. */
export const RATIO_PLACES = 28;

/** Trades from bare PnLs. */
export function tradesOf(pnls: readonly Decimal[]): ClosedTrade[] {
  return pnls.map((pnl) => ({ pnl, isWin: null }));
}

/** A win is a closed trade with net PnL > 0. */
export function isWin(trade: ClosedTrade): boolean {
  return trade.isWin ?? trade.pnl.isPositive();
}

/** A loss is a closed trade with net PnL < 0; zero is neither. */
export function isLoss(trade: ClosedTrade): boolean {
  return trade.isWin === null ? trade.pnl.isNegative() : !trade.isWin;
}

/** The PnLs > 0. */
export function gains(trades: readonly ClosedTrade[]): Decimal[] {
  return trades.map((trade) => trade.pnl).filter((pnl) => pnl.isPositive());
}

/** The PnLs < 0. */
export function losses(trades: readonly ClosedTrade[]): Decimal[] {
  return trades.map((trade) => trade.pnl).filter((pnl) => pnl.isNegative());
}

/** Σ PnL of the trades; zero with none. */
export function totalPnl(trades: readonly ClosedTrade[]): Decimal {
  return Decimal.sum(trades.map((trade) => trade.pnl));
}

/** Σ of the gains, ≥ 0. */
export function grossProfit(trades: readonly ClosedTrade[]): Decimal {
  return Decimal.sum(gains(trades));
}

/** Σ of the losses, ≤ 0. */
export function grossLoss(trades: readonly ClosedTrade[]): Decimal {
  return Decimal.sum(losses(trades));
}

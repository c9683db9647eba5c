import { Decimal } from '../../../shared/decimal.js';
import { type ClosedTrade, RATIO_PLACES, isLoss, isWin } from './closed-trade.js';
import { type Statistic, known, unknown } from './statistic.js';

/** Whether trades with a PnL of exactly zero count among "all trades". */
export type ZeroTrades = 'counted' | 'excluded';

/** Wins ÷ all closed trades, as a fraction; null without trades. Zero trades count, unless excluded. */
export function winRate(
  trades: readonly ClosedTrade[],
  zeroTrades: ZeroTrades = 'counted',
): Statistic<Decimal> {
  return rateOf(countWins(trades), considered(trades, zeroTrades));
}

/** Losses ÷ all closed trades, as a fraction; null without trades. */
export function lossRate(
  trades: readonly ClosedTrade[],
  zeroTrades: ZeroTrades = 'counted',
): Statistic<Decimal> {
  return rateOf(countLosses(trades), considered(trades, zeroTrades));
}

/** A count ÷ all, as a fraction; null of none. */
export function rateOf(count: Decimal, all: Decimal): Statistic<Decimal> {
  return all.isZero() ? unknown('no_trades') : known(count.dividedBy(all, RATIO_PLACES));
}

/** How many trades won. */
export function countWins(trades: readonly ClosedTrade[]): Decimal {
  return Decimal.integer(trades.filter(isWin).length);
}

/** How many trades lost. */
export function countLosses(trades: readonly ClosedTrade[]): Decimal {
  return Decimal.integer(trades.filter(isLoss).length);
}

/** Wins ÷ losses by count; null without a loss. */
export function winLossRatio(trades: readonly ClosedTrade[]): Statistic<Decimal> {
  if (trades.length === 0) return unknown('no_trades');
  const lost = countLosses(trades);
  return lost.isZero() ? unknown('no_losses') : known(countWins(trades).dividedBy(lost, RATIO_PLACES));
}

function considered(trades: readonly ClosedTrade[], zeroTrades: ZeroTrades): Decimal {
  if (zeroTrades === 'counted') return Decimal.integer(trades.length);
  return countWins(trades).plus(countLosses(trades));
}

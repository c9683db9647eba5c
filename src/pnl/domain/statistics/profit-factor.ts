import type { Decimal } from '../../../shared/decimal.js';
import { type ClosedTrade, RATIO_PLACES, grossLoss, grossProfit } from './closed-trade.js';
import { type Statistic, known, unknown } from './statistic.js';

/** Σ gains ÷ |Σ losses|; null without a losing trade: it is not infinite, there is nothing to divide by yet. */
export function profitFactor(trades: readonly ClosedTrade[]): Statistic<Decimal> {
  if (trades.length === 0) return unknown('no_trades');
  return profitFactorOf(grossProfit(trades), grossLoss(trades));
}

/** The same from sums; the loss may carry either sign. */
export function profitFactorOf(profit: Decimal, loss: Decimal): Statistic<Decimal> {
  return loss.isZero() ? unknown('no_losses') : known(profit.dividedBy(loss.abs(), RATIO_PLACES));
}

import { Decimal } from '../../../shared/decimal.js';
import { mean, payoffRatio } from './averages.js';
import { type ClosedTrade, RATIO_PLACES, isLoss, isWin } from './closed-trade.js';
import { type Statistic, known, mapKnown } from './statistic.js';
import { type ZeroTrades, winRate } from './win-rate.js';

/**
 * What a trade earns on average: win rate × average win + loss rate × average loss, which is the mean PnL. With zero
 * trades excluded the mean is over wins and losses only; trades that all earned exactly nothing have expectancy 0.
 */
export function expectancy(
  trades: readonly ClosedTrade[],
  zeroTrades: ZeroTrades = 'counted',
): Statistic<Decimal> {
  const decided = trades.filter((trade) => isWin(trade) || isLoss(trade));
  const considered = zeroTrades === 'counted' || decided.length === 0 ? trades : decided;
  return mean(considered.map((trade) => trade.pnl));
}

/**
 * Expected gain per unit of risk: (1 + average win ÷ |average loss|) × win rate − 1; null without a win or a loss.
 * Source: the definition freqtrade documents.
 */
export function expectancyRatio(trades: readonly ClosedTrade[]): Statistic<Decimal> {
  return mapKnown(payoffRatio(trades), (payoff) =>
    mapKnown(winRate(trades), (rate) => known(payoff.plus(Decimal.ONE).times(rate).minus(Decimal.ONE))),
  );
}

/** Kelly's fraction: win rate − (1 − win rate) ÷ payoff, of the capital; null without a win or a loss (Kelly 1956). */
export function kellyFraction(trades: readonly ClosedTrade[]): Statistic<Decimal> {
  return mapKnown(payoffRatio(trades), (payoff) =>
    mapKnown(winRate(trades), (rate) => {
      const lost = Decimal.ONE.minus(rate);
      return known(rate.minus(lost.dividedBy(payoff, RATIO_PLACES)));
    }),
  );
}

import { type Returns, centralSum, deviation, meanReturn, quantile } from './moments.js';
import { averageFall, averageGain, periodWinRate, returnPayoff, returnProfitFactor } from './periods-won.js';
import { type Statistic, known, mapKnown, unknown } from './statistic.js';
import { normalDistribution, tailRatio } from './tail-risk.js';

/** Profit factor × tail ratio of a return series: above 1 a system earns and its good tail is the longer one. null as either. */
export function commonSenseRatio(returns: Returns): Statistic<number> {
  return mapKnown(returnProfitFactor(returns), (factor) =>
    mapKnown(tailRatio(returns), (tail) => known(factor * tail)),
  );
}

/** Profit factor × win rate × payoff of a return series; null without a gain or a fall. */
export function cpcIndex(returns: Returns): Statistic<number> {
  return mapKnown(returnProfitFactor(returns), (factor) =>
    mapKnown(periodWinRate(returns), (rate) =>
      mapKnown(returnPayoff(returns), (payoff) => known(factor * rate * payoff)),
    ),
  );
}

/** Kelly's fraction of a return series: win rate − (1 − win rate) ÷ payoff; null without a gain or a fall (Kelly 1956). */
export function periodKelly(returns: Returns): Statistic<number> {
  return mapKnown(returnPayoff(returns), (payoff) =>
    mapKnown(periodWinRate(returns), (rate) => known(rate - (1 - rate) / payoff)),
  );
}

/** The chance to lose everything by betting on and on: ((1 − win rate) ÷ (1 + win rate))^n; null when nothing moved. */
export function riskOfRuin(returns: Returns): Statistic<number> {
  return mapKnown(periodWinRate(returns), (rate) => known(((1 - rate) / (1 + rate)) ** returns.length));
}

/** How far the best periods stand out: the 99th percentile ÷ the average gain; null without a gain. */
export function outlierWinRatio(returns: Returns): Statistic<number> {
  return mapKnown(averageGain(returns), (gain) =>
    mapKnown(quantile(returns, 0.99), (best) => known(best / gain)),
  );
}

/** How far the worst periods stand out: the 1st percentile ÷ the average fall; null without a fall. */
export function outlierLossRatio(returns: Returns): Statistic<number> {
  return mapKnown(averageFall(returns), (fall) =>
    mapKnown(quantile(returns, 0.01), (worst) => known(worst / fall)),
  );
}

/**
 * The probability that the true Sharpe ratio lies above a benchmark's, both per period: Φ((SR − benchmark) × √(n − 1) ÷
 * √(1 − skewness × SR + (kurtosis − 1) ÷ 4 × SR²)), kurtosis 3 for a normal series (Bailey and López de Prado 2012). null
 * below two returns, or when they do not vary.
 */
export function probabilisticSharpe(returns: Returns, benchmark = 0): Statistic<number> {
  return mapKnown(deviation(returns, 1), (spread) =>
    mapKnown(meanReturn(returns), (mean) =>
      spread === 0 ? unknown('no_variation') : known(certainty(returns, mean / spread, benchmark)),
    ),
  );
}

function certainty(returns: Returns, ratio: number, benchmark: number): number {
  const count = returns.length;
  const variance = centralSum(returns, 2) / count;
  const skewness = centralSum(returns, 3) / count / variance ** 1.5;
  const kurtosis = centralSum(returns, 4) / count / variance ** 2;
  const error = Math.sqrt((1 - skewness * ratio + ((kurtosis - 1) / 4) * ratio ** 2) / (count - 1));
  return normalDistribution((ratio - benchmark) / error);
}

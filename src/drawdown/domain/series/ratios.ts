import { annualReturn } from '../../../pnl/domain/statistics/growth.js';
import { type Returns, sum } from '../../../pnl/domain/statistics/moments.js';
import { type Statistic, known, mapKnown, unknown } from '../../../pnl/domain/statistics/statistic.js';

/** The fall from the highest so far after every return, as fractions ≥ 0, starting from 1. Doubles, for statistics. */
function fallsOfReturns(returns: Returns): number[] {
  let level = 1;
  let peak = 1;
  return returns.map((value) => {
    level *= 1 + value;
    peak = Math.max(peak, level);
    return (peak - level) / peak;
  });
}

/** The deepest fall of a return series, a fraction ≥ 0; zero of nothing. */
export function deepestFall(returns: Returns): number {
  return fallsOfReturns(returns).reduce((deepest, fall) => Math.max(deepest, fall), 0);
}

/** Calmar ratio: annual growth ÷ deepest fall (Young 1991). null when the series never fell. */
export function calmarRatio(returns: Returns, periodsPerYear: number): Statistic<number> {
  return mapKnown(annualReturn(returns, periodsPerYear), (growth) =>
    perDrawdown(growth, deepestFall(returns)),
  );
}

/** A return ÷ a drawdown, both fractions of one account; null when there was no drawdown. Either sign of it is taken. */
function perDrawdown(gained: number, drawdown: number): Statistic<number> {
  return drawdown === 0 ? unknown('no_drawdown') : known(gained / Math.abs(drawdown));
}

/** Ulcer index: the root of the mean squared fall, a fraction (Martin 1987; `ddof` 0). null of not more than `ddof`. */
export function ulcerIndex(returns: Returns, ddof = 0): Statistic<number> {
  if (returns.length === 0) return unknown('no_returns');
  if (returns.length <= ddof) return unknown('too_few');
  return known(Math.sqrt(sum(fallsOfReturns(returns).map((fall) => fall * fall)) / (returns.length - ddof)));
}

/** Pain index: the mean fall, a fraction. null of nothing. */
export function painIndex(returns: Returns): Statistic<number> {
  if (returns.length === 0) return unknown('no_returns');
  return known(sum(fallsOfReturns(returns)) / returns.length);
}

/** Recovery factor: total growth ÷ deepest fall. null when the series never fell. */
export function recoveryFactor(returns: Returns): Statistic<number> {
  const growth = returns.reduce((level, value) => level * (1 + value), 1) - 1;
  return perDrawdown(growth, deepestFall(returns));
}

/** Excess of a mean return over the risk-free one ÷ a drawdown of the same account; null when there was none. */
export function rewardToDrawdown(mean: number, riskFree: number, drawdown: number): Statistic<number> {
  return perDrawdown(mean - riskFree, drawdown);
}

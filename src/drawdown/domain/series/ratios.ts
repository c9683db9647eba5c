import { annualReturn, totalReturn } from '../../../pnl/domain/statistics/growth.js';
import { type Returns, meanReturn, sum } from '../../../pnl/domain/statistics/moments.js';
import { type Statistic, known, mapKnown, unknown } from '../../../pnl/domain/statistics/statistic.js';
import type { Decimal } from '../../../shared/decimal.js';
import { underwater } from './drawdowns.js';

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
  return rootMeanSquare(fallsOfReturns(returns), ddof);
}

/** The same over the levels of a series, its first one (which never fell) among them; a level without a peak above 0 has no part in it. */
export function ulcerIndexOfLevels(levels: readonly Decimal[], ddof = 0): Statistic<number> {
  return rootMeanSquare(fallsOfLevels(levels), ddof);
}

/** Pain index: the mean fall, a fraction. null of nothing. */
export function painIndex(returns: Returns): Statistic<number> {
  return meanReturn(fallsOfReturns(returns));
}

/** The same over the levels of a series, as `ulcerIndexOfLevels`. */
export function painIndexOfLevels(levels: readonly Decimal[]): Statistic<number> {
  return meanReturn(fallsOfLevels(levels));
}

/** Martin ratio (ulcer performance index): total growth above the risk-free rate of the whole time ÷ ulcer index; null when it never fell. */
export function martinRatio(returns: Returns, riskFree: number, ddof = 0): Statistic<number> {
  return mapKnown(ulcerIndex(returns, ddof), (ulcer) =>
    mapKnown(totalReturn(returns), (total) => perDrawdown(total - riskFree, ulcer)),
  );
}

function rootMeanSquare(falls: readonly number[], ddof: number): Statistic<number> {
  if (falls.length === 0) return unknown('no_returns');
  if (falls.length <= ddof) return unknown('too_few');
  return known(Math.sqrt(sum(falls.map((fall) => fall * fall)) / (falls.length - ddof)));
}

function fallsOfLevels(levels: readonly Decimal[]): number[] {
  return underwater(levels).flatMap(({ fraction }) => (fraction === null ? [] : [fraction.toNumber()]));
}

/** Recovery factor: total growth ÷ deepest fall. null when the series never fell. */
export function recoveryFactor(returns: Returns): Statistic<number> {
  return mapKnown(totalReturn(returns), (growth) => perDrawdown(growth, deepestFall(returns)));
}

/** Excess of a mean return over the risk-free one ÷ a drawdown of the same account; null when there was none. */
export function rewardToDrawdown(mean: number, riskFree: number, drawdown: number): Statistic<number> {
  return perDrawdown(mean - riskFree, drawdown);
}

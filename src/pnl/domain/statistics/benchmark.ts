import { annualReturn, perPeriodRate, totalReturn } from './growth.js';
import { type Returns, deviation, meanReturn, sum, varies } from './moments.js';
import { type Statistic, known, mapKnown, unknown } from './statistic.js';

/** Sample covariance of two series of one length; null below two values. */
export function covariance(left: Returns, right: Returns): Statistic<number> {
  if (left.length !== right.length || left.length < 2) return unknown('too_few');
  const meanLeft = sum(left) / left.length;
  const meanRight = sum(right) / right.length;
  const products = left.map((value, index) => (value - meanLeft) * (right[index]! - meanRight));
  return known(sum(products) / (left.length - 1));
}

/** Pearson correlation, −1 … 1; null when either series does not vary. */
export function correlation(left: Returns, right: Returns): Statistic<number> {
  return mapKnown(covariance(left, right), (shared) =>
    mapKnown(deviation(left, 1), (spreadLeft) =>
      mapKnown(deviation(right, 1), (spreadRight) => {
        const product = spreadLeft * spreadRight;
        return product === 0 ? unknown('no_variation') : known(shared / product);
      }),
    ),
  );
}

/** Beta: covariance with the benchmark ÷ the benchmark's variance; null when the benchmark does not vary. */
export function beta(returns: Returns, benchmark: Returns): Statistic<number> {
  if (!varies(benchmark)) return unknown(benchmark.length < 2 ? 'too_few' : 'no_variation');
  return mapKnown(covariance(returns, benchmark), (shared) =>
    mapKnown(covariance(benchmark, benchmark), (variance) => known(shared / variance)),
  );
}

/** Jensen's alpha per period, not compounded: mean excess − beta × mean benchmark excess. `riskFree` is per period. */
export function alphaPerPeriod(returns: Returns, benchmark: Returns, riskFree: number): Statistic<number> {
  return mapKnown(beta(returns, benchmark), (slope) =>
    mapKnown(
      meanReturn(returns.map((value, index) => value - riskFree - slope * (benchmark[index]! - riskFree))),
      known,
    ),
  );
}

/** Alpha of a year, compounded: (1 + alpha)^periods per year − 1. */
export function annualAlpha(
  returns: Returns,
  benchmark: Returns,
  riskFree: number,
  periodsPerYear: number,
): Statistic<number> {
  return mapKnown(alphaPerPeriod(returns, benchmark, riskFree), (alpha) =>
    known(perPeriodRate(alpha, 1 / periodsPerYear)),
  );
}

/** Tracking error: sample deviation of the active return × √periods per year. null below two values. */
export function trackingError(
  returns: Returns,
  benchmark: Returns,
  periodsPerYear: number,
): Statistic<number> {
  return mapKnown(deviation(active(returns, benchmark), 1), (spread) =>
    known(spread * Math.sqrt(periodsPerYear)),
  );
}

/** Information ratio: mean active return ÷ its deviation × √periods per year; null when it does not vary. */
export function informationRatio(
  returns: Returns,
  benchmark: Returns,
  periodsPerYear: number,
): Statistic<number> {
  return mapKnown(trackingError(returns, benchmark, 1), (spread) =>
    mapKnown(meanReturn(active(returns, benchmark)), (mean) =>
      spread === 0 ? unknown('no_variation') : known((mean / spread) * Math.sqrt(periodsPerYear)),
    ),
  );
}

/** Treynor ratio: total growth above the risk-free rate of the whole time ÷ beta (Treynor 1965); null when beta is zero. */
export function treynorRatio(returns: Returns, benchmark: Returns, riskFree: number): Statistic<number> {
  return mapKnown(beta(returns, benchmark), (slope) =>
    mapKnown(totalReturn(returns), (total) =>
      slope === 0 ? unknown('no_variation') : known((total - riskFree) / slope),
    ),
  );
}

/** Batting average: periods that beat the benchmark ÷ all periods, a fraction; null of nothing. */
export function battingAverage(returns: Returns, benchmark: Returns): Statistic<number> {
  return meanReturn(active(returns, benchmark).map((value) => (value > 0 ? 1 : 0)));
}

/** Growth in rising markets against that in falling ones: up capture ÷ down capture; null as either, or when the latter is 0. */
export function upDownCapture(
  returns: Returns,
  benchmark: Returns,
  periodsPerYear: number,
): Statistic<number> {
  return mapKnown(captureRatio(returns, benchmark, periodsPerYear, 'up'), (up) =>
    mapKnown(captureRatio(returns, benchmark, periodsPerYear, 'down'), (down) =>
      down === 0 ? unknown('no_variation') : known(up / down),
    ),
  );
}

/**
 * Capture: annual growth ÷ the benchmark's annual growth, over all periods, or only those in which the benchmark rose or
 * fell. null without such periods, or when the benchmark went nowhere in them.
 */
export function captureRatio(
  returns: Returns,
  benchmark: Returns,
  periodsPerYear: number,
  market: 'all' | 'up' | 'down',
): Statistic<number> {
  const counts = (value: number) => market === 'all' || (market === 'up' ? value > 0 : value < 0);
  const ours = returns.filter((_, index) => counts(benchmark[index]!));
  return mapKnown(annualReturn(benchmark.filter(counts), periodsPerYear), (theirs) =>
    mapKnown(annualReturn(ours, periodsPerYear), (growth) =>
      theirs === 0 ? unknown('no_variation') : known(growth / theirs),
    ),
  );
}

function active(returns: Returns, benchmark: Returns): number[] {
  return returns.map((value, index) => value - benchmark[index]!);
}

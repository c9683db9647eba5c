import { type Statistic, known, mapKnown, unknown } from './statistic.js';

/** Return series are doubles: fractions per period, 0.01 = 1 %. */
export type Returns = readonly number[];

/** The returns that are there: for averages and spreads a gap is not a period. */
export function withoutGaps(returns: readonly (number | null)[]): number[] {
  return returns.filter((value) => value !== null);
}

/** Every period, a gap as one in which nothing moved: for growth and drawdown the time has passed all the same. */
export function gapsAsZero(returns: readonly (number | null)[]): number[] {
  return returns.map((value) => value ?? 0);
}

/** Σ of doubles, Neumaier's compensated sum, so that the order of a long series does not show. */
export function sum(values: Returns): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

/** Arithmetic mean; null of nothing. */
export function meanReturn(values: Returns): Statistic<number> {
  return values.length === 0 ? unknown('no_returns') : known(sum(values) / values.length);
}

/** Σ of what lies above zero, ≥ 0. */
export function sumOfGains(values: Returns): number {
  return sum(values.map((value) => Math.max(0, value)));
}

/** Σ of what lies below zero, as an amount ≥ 0. */
export function sumOfFalls(values: Returns): number {
  return sum(values.map((value) => Math.max(0, -value)));
}

/** Σ of (value − mean)^power; zero of nothing. */
export function centralSum(values: Returns, power: number): number {
  const mean = sum(values) / values.length;
  return sum(values.map((value) => (value - mean) ** power));
}

/** Whether the values differ at all: rounding makes a constant series look as if it varied a little. */
export function varies(values: Returns): boolean {
  return values.some((value) => value !== values[0]);
}

/** Standard deviation; `ddof` 1 = sample, 0 = population. null when there are not more values than `ddof`. */
export function deviation(values: Returns, ddof: number): Statistic<number> {
  if (values.length === 0) return unknown('no_returns');
  if (values.length <= ddof) return unknown('too_few');
  return known(varies(values) ? Math.sqrt(centralSum(values, 2) / (values.length - ddof)) : 0);
}

/** The root of the mean square below a target, over all periods: Σ min(0, return − target)² ÷ n. null of nothing. */
export function downsideDeviation(values: Returns, target: number): Statistic<number> {
  return mapKnown(meanReturn(values.map((value) => Math.min(0, value - target) ** 2)), (square) =>
    known(Math.sqrt(square)),
  );
}

/** Skewness; `biased` is the population moment, otherwise corrected for the sample. null below 3 values or flat. */
export function skewness(values: Returns, biased: boolean): Statistic<number> {
  const count = values.length;
  if (count < 3) return unknown('too_few');
  if (!varies(values)) return unknown('no_variation');
  const population = centralSum(values, 3) / count / (centralSum(values, 2) / count) ** 1.5;
  return known(biased ? population : (population * Math.sqrt(count * (count - 1))) / (count - 2));
}

/** Excess kurtosis (0 for a normal series); `biased` as in skewness. null below 4 values or flat. */
export function excessKurtosis(values: Returns, biased: boolean): Statistic<number> {
  const count = values.length;
  if (count < 4) return unknown('too_few');
  if (!varies(values)) return unknown('no_variation');
  const population = centralSum(values, 4) / count / (centralSum(values, 2) / count) ** 2 - 3;
  const corrected = ((count - 1) / ((count - 2) * (count - 3))) * ((count + 1) * population + 6);
  return known(biased ? population : corrected);
}

/** The value below which a share of the values lies, 0 … 1, linear between neighbours. null of nothing. */
export function quantile(values: Returns, share: number): Statistic<number> {
  if (values.length === 0) return unknown('no_returns');
  const sorted = [...values].sort((left, right) => left - right);
  const place = (sorted.length - 1) * share;
  const lower = sorted[Math.floor(place)]!;
  const upper = sorted[Math.ceil(place)]!;
  return known(lower + (upper - lower) * (place - Math.floor(place)));
}

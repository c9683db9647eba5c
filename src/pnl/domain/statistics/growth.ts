import type { Returns } from './moments.js';
import { type Statistic, known, mapKnown, unknown } from './statistic.js';

/** Returns from one level to the next: level ÷ previous − 1. null when a level that is divided by is not above zero. */
export function simpleReturns(levels: Returns): Statistic<number[]> {
  if (levels.slice(0, -1).some((level) => level <= 0)) return unknown('no_capital');
  return known(levels.slice(1).map((level, index) => level / levels[index]! - 1));
}

/** Logarithmic returns ln(1 + r): they add up where simple ones compound. null when a period lost everything. */
export function logReturns(returns: Returns): Statistic<number[]> {
  if (returns.some((value) => value <= -1)) return unknown('lost_everything');
  return known(returns.map((value) => Math.log1p(value)));
}

/** Growth since the start after every period, as a fraction: Π (1 + r) − 1. */
export function cumulativeReturns(returns: Returns): number[] {
  let growth = 1;
  return returns.map((value) => (growth *= 1 + value) - 1);
}

/** What an amount at the start has become after every period: start × Π (1 + r). */
export function growthFrom(returns: Returns, start: number): number[] {
  return cumulativeReturns(returns).map((growth) => start * (1 + growth));
}

/** Growth over all periods, a fraction; null of nothing. */
export function totalReturn(returns: Returns): Statistic<number> {
  const last = cumulativeReturns(returns).at(-1);
  return last === undefined ? unknown('no_returns') : known(last);
}

/**
 * Compound annual growth rate: (end ÷ start)^(1 ÷ years) − 1, a fraction. null when either is not above zero (an account
 * that lost everything has no growth rate) or when no time passed.
 */
export function compoundAnnualGrowth(start: number, end: number, years: number): Statistic<number> {
  if (start <= 0) return unknown('no_capital');
  if (end <= 0) return unknown('lost_everything');
  if (years <= 0) return unknown('no_times');
  return known((end / start) ** (1 / years) - 1);
}

/** Annual growth of a return series: (1 + total)^(periods per year ÷ n) − 1. null of nothing or when all is lost. */
export function annualReturn(returns: Returns, periodsPerYear: number): Statistic<number> {
  return mapKnown(totalReturn(returns), (total) =>
    compoundAnnualGrowth(1, 1 + total, returns.length / periodsPerYear),
  );
}

/** The steady return per period that would have grown as much: Π (1 + r)^(1 ÷ n) − 1. null of nothing or when all is lost. */
export function geometricMean(returns: Returns): Statistic<number> {
  return annualReturn(returns, 1);
}

/** What a rate per year is per period, compounded: (1 + annual)^(1 ÷ periods) − 1. */
export function perPeriodRate(annual: number, periodsPerYear: number): number {
  return (1 + annual) ** (1 / periodsPerYear) - 1;
}

/** Returns compounded into buckets of `size` periods, the last one possibly shorter. */
export function aggregateReturns(returns: Returns, size: number): number[] {
  const buckets: number[] = [];
  for (let start = 0; start < returns.length; start += size) {
    buckets.push(returns.slice(start, start + size).reduce((growth, value) => growth * (1 + value), 1) - 1);
  }
  return buckets;
}

import {
  type Returns,
  deviation,
  downsideDeviation,
  meanReturn,
  sum,
  sumOfFalls,
  sumOfGains,
} from './moments.js';
import { type Statistic, known, mapKnown, unknown } from './statistic.js';

/** How a ratio is annualised and which spread it divides by; nothing is assumed. */
export interface RatioConvention {
  /** 1 = not annualised, 252 or 365 for days. */
  readonly periodsPerYear: number;
  /** 1 = sample, 0 = population. */
  readonly ddof: number;
}

/** Annualised volatility: deviation × √periods per year, a fraction. null as `deviation`. */
export function volatility(returns: Returns, convention: RatioConvention): Statistic<number> {
  return mapKnown(deviation(returns, convention.ddof), (spread) =>
    known(spread * Math.sqrt(convention.periodsPerYear)),
  );
}

/**
 * Sharpe ratio: mean excess return ÷ its deviation × √periods per year (Sharpe 1994). `riskFree` is per period. null
 * when the returns do not vary.
 */
export function sharpeRatio(
  returns: Returns,
  riskFree: number,
  convention: RatioConvention,
): Statistic<number> {
  const excess = returns.map((value) => value - riskFree);
  return mapKnown(deviation(excess, convention.ddof), (spread) =>
    mapKnown(meanReturn(excess), (mean) =>
      annualRatio(mean, spread, convention.periodsPerYear, 'no_variation'),
    ),
  );
}

/**
 * Sortino ratio: mean return above the target ÷ downside deviation over all periods × √periods per year (Sortino and
 * Price 1994). `target` is per period. null when nothing fell below the target.
 */
export function sortinoRatio(returns: Returns, target: number, periodsPerYear: number): Statistic<number> {
  return mapKnown(downsideDeviation(returns, target), (spread) =>
    mapKnown(meanReturn(returns), (mean) =>
      annualRatio(mean - target, spread, periodsPerYear, 'no_downside'),
    ),
  );
}

/**
 * Sortino with the deviation of the losing periods around their own mean below the line, as some systems have it;
 * null below two losses (with `ddof` 1) or when they are all the same.
 */
export function sortinoOfLosses(
  returns: Returns,
  target: number,
  convention: RatioConvention,
): Statistic<number> {
  const below = returns.filter((value) => value < target);
  if (returns.length > 0 && below.length === 0) return unknown('no_downside');
  return mapKnown(deviation(below, convention.ddof), (spread) =>
    mapKnown(meanReturn(returns), (mean) =>
      annualRatio(mean - target, spread, convention.periodsPerYear, 'no_downside'),
    ),
  );
}

/** A ratio from its parts: (mean − risk free) ÷ spread, all of one period length. null when the spread is zero. */
export function rewardToRisk(mean: number, riskFree: number, spread: number): Statistic<number> {
  return annualRatio(mean - riskFree, spread, 1, 'no_variation');
}

/** A ratio of one period length scaled to another: × √(target ÷ current). */
export function scaledRatio(ratio: number, currentLength: number, targetLength: number): number {
  return ratio * Math.sqrt(targetLength / currentLength);
}

/** Omega: Σ of what exceeds the threshold ÷ Σ of what falls short (Keating and Shadwick 2002). null without shortfall. */
export function omegaRatio(returns: Returns, threshold: number): Statistic<number> {
  if (returns.length === 0) return unknown('no_returns');
  const excess = returns.map((value) => value - threshold);
  const shortfall = sumOfFalls(excess);
  return shortfall === 0 ? unknown('no_downside') : known(sumOfGains(excess) / shortfall);
}

/** Schwager's gain to pain: Σ returns ÷ |Σ negative returns|. null without a negative return. */
export function gainToPain(returns: Returns): Statistic<number> {
  if (returns.length === 0) return unknown('no_returns');
  const pain = sumOfFalls(returns);
  return pain === 0 ? unknown('no_downside') : known(sum(returns) / pain);
}

function annualRatio(
  excess: number,
  spread: number,
  periodsPerYear: number,
  whenFlat: 'no_variation' | 'no_downside',
): Statistic<number> {
  return spread === 0 ? unknown(whenFlat) : known((excess / spread) * Math.sqrt(periodsPerYear));
}

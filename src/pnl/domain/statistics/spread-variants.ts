import { type Returns, deviation, meanReturn } from './moments.js';
import { type RatioConvention } from './risk-adjusted.js';
import { type Statistic, known, mapKnown, unknown } from './statistic.js';

/**
 * Volatility of returns with heavy tails: deviation × periods per year^(1 ÷ exponent). The exponent is that of a stable
 * distribution, above 0 and at most 2, and 2 is the normal one (√ periods). null as `deviation`.
 */
export function stableVolatility(
  returns: Returns,
  { periodsPerYear, ddof }: RatioConvention,
  exponent: number,
): Statistic<number> {
  return mapKnown(deviation(returns, ddof), (spread) => known(spread * periodsPerYear ** (1 / exponent)));
}

/** Semi-deviation: √(Σ min(0, return − mean)² ÷ (n − ddof)), the spread of what fell short of the mean. null as `deviation`. */
export function semiDeviation(returns: Returns, ddof: number): Statistic<number> {
  if (returns.length > 0 && returns.length <= ddof) return unknown('too_few');
  return mapKnown(meanReturn(returns), (mean) => {
    const squares = meanReturn(returns.map((value) => Math.min(0, value - mean) ** 2));
    return mapKnown(squares, (square) =>
      known(Math.sqrt((square * returns.length) / (returns.length - ddof))),
    );
  });
}

/**
 * Sortino with the deviation of the shortfalls around their own mean below the line, a period above the target being one
 * of shortfall 0: mean above target ÷ deviation(min(0, return − target)) × √periods per year. null when that does not vary.
 */
export function sortinoOfShortfalls(
  returns: Returns,
  target: number,
  { periodsPerYear, ddof }: RatioConvention,
): Statistic<number> {
  const shortfalls = returns.map((value) => Math.min(0, value - target));
  return mapKnown(deviation(shortfalls, ddof), (spread) =>
    mapKnown(meanReturn(returns), (mean) =>
      spread === 0 ? unknown('no_downside') : known(((mean - target) / spread) * Math.sqrt(periodsPerYear)),
    ),
  );
}

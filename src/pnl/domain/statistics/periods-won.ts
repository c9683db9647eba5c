import { correlation } from './benchmark.js';
import { type Returns, deviation, meanReturn, sumOfFalls, sumOfGains } from './moments.js';
import { type Statistic, known, mapKnown, unknown } from './statistic.js';

/** Periods with a return above zero ÷ periods that moved at all, a fraction; null when none moved. */
export function periodWinRate(returns: Returns): Statistic<number> {
  const moved = returns.filter((value) => value !== 0);
  return moved.length === 0
    ? unknown('no_returns')
    : known(returns.filter((value) => value > 0).length / moved.length);
}

/** The best period; null of nothing. */
export function bestPeriod(returns: Returns): Statistic<number> {
  return returns.length === 0
    ? unknown('no_returns')
    : known(returns.reduce((best, value) => Math.max(best, value)));
}

/** The worst period; null of nothing. */
export function worstPeriod(returns: Returns): Statistic<number> {
  return returns.length === 0
    ? unknown('no_returns')
    : known(returns.reduce((worst, value) => Math.min(worst, value)));
}

/** Mean of the periods above zero; null without one. */
export function averageGain(returns: Returns): Statistic<number> {
  return meanReturn(returns.filter((value) => value > 0));
}

/** Mean of the periods below zero, < 0; null without one. */
export function averageFall(returns: Returns): Statistic<number> {
  return meanReturn(returns.filter((value) => value < 0));
}

/** Mean of the periods that moved at all; null when none did. */
export function averageMove(returns: Returns): Statistic<number> {
  return meanReturn(returns.filter((value) => value !== 0));
}

/** Periods that moved ÷ all periods, a fraction: how much of the time something was at risk; null of nothing. */
export function timeInMarket(returns: Returns): Statistic<number> {
  return meanReturn(returns.map((value) => (value === 0 ? 0 : 1)));
}

/** Σ of gains ÷ |Σ of falls| of a return series; null without a fall. */
export function returnProfitFactor(returns: Returns): Statistic<number> {
  if (returns.length === 0) return unknown('no_returns');
  const falls = sumOfFalls(returns);
  return falls === 0 ? unknown('no_downside') : known(sumOfGains(returns) / falls);
}

/** Average gain ÷ |average fall|; null without either. */
export function returnPayoff(returns: Returns): Statistic<number> {
  return mapKnown(averageGain(returns), (gain) =>
    mapKnown(averageFall(returns), (fall) => known(gain / -fall)),
  );
}

/** Mean ÷ deviation of the returns, the inverse of the variation coefficient; null when they do not vary. */
export function riskReturnRatio(returns: Returns, ddof: number): Statistic<number> {
  return mapKnown(deviation(returns, ddof), (spread) =>
    mapKnown(meanReturn(returns), (mean) => (spread === 0 ? unknown('no_variation') : known(mean / spread))),
  );
}

/** R² of the straight line through the cumulative log returns: 1 is a steady climb. null below three or when all is lost. */
export function stability(returns: Returns): Statistic<number> {
  if (returns.some((value) => value <= -1)) return unknown('lost_everything');
  let level = 0;
  const heights = returns.map((value) => (level += Math.log1p(value)));
  if (heights.length < 3) return unknown('too_few');
  const places = heights.map((_, index) => index);
  return mapKnown(correlation(heights, places), (fit) => known(fit * fit));
}

/** A statistic over every full window of `size` periods, oldest first. */
export function rolling<T>(returns: Returns, size: number, statistic: (window: Returns) => T): T[] {
  const windows = Math.max(0, returns.length - size + 1);
  return Array.from({ length: windows }, (_, start) => statistic(returns.slice(start, start + size)));
}

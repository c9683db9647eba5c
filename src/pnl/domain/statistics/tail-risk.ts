import { type Returns, deviation, meanReturn, quantile } from './moments.js';
import { type Statistic, known, mapKnown, unknown } from './statistic.js';

/** Historical value at risk: the return that only `share` of the periods fell below (0.05 = 95 % VaR); usually < 0. */
export function valueAtRisk(returns: Returns, share: number): Statistic<number> {
  return quantile(returns, share);
}

/** Normal value at risk: mean + z(share) × sample deviation; usually < 0. null below two returns. */
export function parametricValueAtRisk(returns: Returns, share: number): Statistic<number> {
  return mapKnown(deviation(returns, 1), (spread) =>
    mapKnown(meanReturn(returns), (mean) => known(mean + spread * normalQuantile(share))),
  );
}

/** Expected shortfall: the mean of the worst returns, those up to the `share`-th in order (at least one). */
export function expectedShortfall(returns: Returns, share: number): Statistic<number> {
  const sorted = [...returns].sort((left, right) => left - right);
  return meanReturn(sorted.slice(0, Math.floor((sorted.length - 1) * share) + 1));
}

/** Mean of the returns at or below the historical VaR. null of nothing. */
export function shortfallBelowVar(returns: Returns, share: number): Statistic<number> {
  return mapKnown(valueAtRisk(returns, share), (limit) =>
    meanReturn(returns.filter((value) => value <= limit)),
  );
}

/** Mean of the returns below the normal VaR; that VaR itself where none is below it. null below two returns. */
export function parametricShortfall(returns: Returns, share: number): Statistic<number> {
  return mapKnown(parametricValueAtRisk(returns, share), (limit) => {
    const below = returns.filter((value) => value < limit);
    return below.length === 0 ? known(limit) : meanReturn(below);
  });
}

/** |95th percentile| ÷ |5th percentile|: how the good tail compares with the bad one. null when the bad one is zero. */
export function tailRatio(returns: Returns): Statistic<number> {
  return mapKnown(quantile(returns, 0.95), (good) =>
    mapKnown(quantile(returns, 0.05), (bad) =>
      bad === 0 ? unknown('no_downside') : known(Math.abs(good) / Math.abs(bad)),
    ),
  );
}

/** The standard normal quantile, by bisection of its distribution function; share strictly between 0 and 1. */
export function normalQuantile(share: number): number {
  let low = -40;
  let high = 40;
  for (let step = 0; step < 200; step += 1) {
    const middle = (low + high) / 2;
    if (normalDistribution(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Φ(x): its series near zero and Laplace's continued fraction in the tails, both to double precision. */
export function normalDistribution(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (Math.abs(x) > 5) {
    let fraction = Math.abs(x);
    for (let term = 60; term >= 1; term -= 1) fraction = Math.abs(x) + term / fraction;
    return x > 0 ? 1 - density / fraction : density / fraction;
  }
  let term = x;
  let total = x;
  for (let index = 3; index < 160; index += 2) {
    term *= (x * x) / index;
    total += term;
  }
  return 0.5 + density * total;
}

import { Decimal } from '../../../shared/decimal.js';

const INDEX_PLACES = 28;

/**
 * The index that returns per period make: 1 before the first, so that an initial loss counts. A gap moves nothing; no
 * returns make no series.
 */
export function indexOfReturns(returns: readonly (Decimal | null)[]): Decimal[] {
  if (returns.length === 0) return [];
  let level = Decimal.ONE;
  const growth = returns.map((value) => {
    level = level.times((value ?? Decimal.ZERO).plus(Decimal.ONE)).rounded(INDEX_PLACES);
    return level;
  });
  return [Decimal.ONE, ...growth];
}

/** The index of growth since the start: 1 before the first period, then 1 + each cumulative return. */
export function indexOfCumulativeReturns(cumulative: readonly Decimal[]): Decimal[] {
  return [Decimal.ONE, ...cumulative.map((value) => value.plus(Decimal.ONE))];
}

/** Balances from closed trades: the starting balance, then the balance after every trade. */
export function balancesOf(startingBalance: Decimal, pnls: readonly Decimal[]): Decimal[] {
  let balance = startingBalance;
  return [balance, ...pnls.map((pnl) => (balance = balance.plus(pnl)))];
}

/** The place of a level among the trades that made it: the starting balance belongs to none and gives null. */
export function tradeIndexOf(levelIndex: number): number | null {
  return levelIndex === 0 ? null : levelIndex - 1;
}

/** Times of a series sampled every `step`, beginning at 0. */
export function evenlySpaced(count: number, step: number): number[] {
  return Array.from({ length: count }, (_, index) => index * step);
}

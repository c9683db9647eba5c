import { Decimal } from '../../../shared/decimal.js';
import { mean } from './averages.js';
import { RATIO_PLACES } from './closed-trade.js';
import { type Statistic, type UndefinedReason, known, mapKnown, unknown } from './statistic.js';

/** Digits a square root is given with: no root is an exact decimal, and other engines publish 15. */
const ROOT_DIGITS = 15;

/**
 * Standard deviation of money, same unit, ≥ 0, with 15 significant digits. `ddof` 1 is the sample's (÷ n − 1), 0 the
 * population's. null when there are not more values than `ddof`.
 */
export function standardDeviation(
  values: readonly Decimal[],
  ddof: number,
  whenEmpty: UndefinedReason = 'no_trades',
): Statistic<Decimal> {
  return mapKnown(mean(values, whenEmpty), (average) => {
    if (values.length <= ddof) return unknown('too_few');
    const squares = values
      .map((value) => value.minus(average))
      .map((deviation) => deviation.times(deviation));
    const variance = Decimal.sum(squares).dividedBy(Decimal.integer(values.length - ddof), 2 * RATIO_PLACES);
    return known(significant(squareRoot(variance), ROOT_DIGITS));
  });
}

/** The square root of a value ≥ 0, cut at 28 places. */
export function squareRoot(value: Decimal): Decimal {
  const scale = Decimal.integer(10n ** BigInt(RATIO_PLACES));
  const units = BigInt(value.times(scale).times(scale).rounded(0).toString());
  return Decimal.integer(integerRoot(units)).dividedBy(scale, RATIO_PLACES);
}

/** A value rounded to so many significant digits, but never before the point. */
export function significant(value: Decimal, digits: number): Decimal {
  const [integer, fraction = ''] = value.abs().toString().split('.') as [string, string?];
  const leadingZeros = fraction.length - fraction.replace(/^0+/, '').length;
  const magnitude = integer === '0' ? -leadingZeros : integer.length;
  return value.rounded(Math.max(0, digits - magnitude));
}

/** Newton's method from above; the first step that does not fall has reached the root. */
function integerRoot(units: bigint): bigint {
  if (units === 0n) return 0n;
  let root = 10n ** BigInt(Math.ceil(units.toString().length / 2));
  for (let next = (root + units / root) / 2n; next < root; next = (root + units / root) / 2n) root = next;
  return root;
}

import type { RunningSum } from './running-sum.js';
import type { Units } from './units.js';
import {
  SMALL_POWERS,
  divideHalfEven,
  narrowed,
  opposite,
  powerOfTen,
  productOf,
  shifted,
  sumOf,
} from './units.js';

/** Digits after the point that an input may have; more is refused, never rounded. */
export const MAX_INPUT_DECIMALS = 18;
/** Digits before the point that an input may have: enough for any price or size, small enough to stay cheap. */
export const MAX_INPUT_INTEGER_DIGITS = 24;
/** Places a division rounds to, half-even. */
export const DIVISION_PLACES = 18;

const PLAIN = /^([+-]?)(\d{0,60})(?:\.(\d{0,60}))?(?:[eE]([+-]?\d{1,3}))?$/;
const STORED = /^(-?)(\d+)(?:\.(\d+))?$/;

/** Raised when a text is not a decimal this system accepts; `reason` is stable and machine readable. */
export class DecimalError extends Error {
  constructor(readonly reason: 'not_a_decimal' | 'too_many_decimals' | 'too_large' | 'division_by_zero') {
    super(reason);
  }
}

/**
 * An exact decimal: `units × 10^-scale`. Sums and products are exact and unrounded, as Postgres `numeric` does
 * them; only `dividedBy` and `rounded` round (half-even). Equal values compare equal whatever their scale, and
 * `toString` is canonical (no exponent, no trailing zeros), so that the same value is the same text everywhere.
 */
export class Decimal {
  static readonly ZERO = new Decimal(0, 0);
  static readonly ONE = new Decimal(1, 0);
  static readonly HUNDRED = new Decimal(100, 0);

  private constructor(
    private readonly units: Units,
    private readonly scale: number,
  ) {}

  /**
   * Reads an input: optional sign, digits, optional fraction and exponent. Form and length are checked before any
   * number is made of it. Throws DecimalError for anything else, more than 18 decimals or more than 24 integer digits.
   */
  static parse(text: string): Decimal {
    return parseShort(text) ?? Decimal.parseLong(text);
  }

  private static parseLong(text: string): Decimal {
    const match = text.length <= 128 ? PLAIN.exec(text) : null;
    if (!match) throw new DecimalError('not_a_decimal');
    const [, sign, integer = '', fraction = '', exponent] = match;
    if (integer.length + fraction.length === 0) throw new DecimalError('not_a_decimal');
    const digits = (integer + fraction).replace(/^0+(?=\d)/, '');
    if (digits === '0' || /^0+$/.test(digits)) return Decimal.ZERO;
    const significant = digits.replace(/0+$/, '');
    const scale = fraction.length - Number(exponent ?? 0) - (digits.length - significant.length);
    if (scale > MAX_INPUT_DECIMALS) throw new DecimalError('too_many_decimals');
    if (significant.length - scale > MAX_INPUT_INTEGER_DIGITS) throw new DecimalError('too_large');
    const units = BigInt(significant) * powerOfTen(Math.max(0, -scale));
    return new Decimal(narrowed(sign === '-' ? -units : units), Math.max(0, scale));
  }

  /** For `parseShort` and `RunningSum` only: units as they are kept, and scale. */
  static ofUnits(units: Units, scale: number): Decimal {
    return new Decimal(units, scale);
  }

  /** Reads a text that Postgres or `toString` wrote: plain digits of any length. Throws DecimalError otherwise. */
  static stored(text: string): Decimal {
    const match = STORED.exec(text);
    if (!match) throw new DecimalError('not_a_decimal');
    const [, sign, integer, fraction = ''] = match;
    const units = narrowed(BigInt(integer! + fraction));
    return new Decimal(sign === '-' ? opposite(units) : units, fraction.length);
  }

  /** A whole number as a decimal. Throws RangeError when it is not an integer. */
  static integer(value: number | bigint): Decimal {
    return new Decimal(narrowed(BigInt(value)), 0);
  }

  static sum(values: Iterable<Decimal>): Decimal {
    let total = Decimal.ZERO;
    for (const value of values) total = total.plus(value);
    return total;
  }

  static max(first: Decimal, second: Decimal): Decimal {
    return first.compare(second) >= 0 ? first : second;
  }

  static min(first: Decimal, second: Decimal): Decimal {
    return first.compare(second) <= 0 ? first : second;
  }

  plus(other: Decimal): Decimal {
    return this.plusUnits(other.units, other.scale);
  }

  /** For `plus` and `RunningSum` only: this and `units × 10^-scale`. */
  plusUnits(units: Units, scale: number): Decimal {
    if (units === 0) return this;
    const finest = Math.max(this.scale, scale);
    const aligned = finest === scale ? units : shifted(units, finest - scale);
    return new Decimal(sumOf(this.unitsAt(finest), aligned), finest);
  }

  /** Adds this to a sum that goes on in place, or with sign −1 takes it away. */
  addTo(sum: RunningSum, sign: 1 | -1 = 1): void {
    sum.take(this.units, this.scale, sign);
  }

  /** Adds the exact product of this and another to such a sum, or takes it away. */
  addProductTo(sum: RunningSum, other: Decimal, sign: 1 | -1 = 1): void {
    sum.take(productOf(this.units, other.units), this.scale + other.scale, sign);
  }

  minus(other: Decimal): Decimal {
    if (other.units === 0) return this;
    const scale = Math.max(this.scale, other.scale);
    return new Decimal(sumOf(this.unitsAt(scale), opposite(other.unitsAt(scale))), scale);
  }

  /** The exact product; its scale is the sum of both scales. */
  times(other: Decimal): Decimal {
    return new Decimal(productOf(this.units, other.units), this.scale + other.scale);
  }

  /** The quotient rounded half-even at `places`. Throws DecimalError('division_by_zero'). */
  dividedBy(divisor: Decimal, places = DIVISION_PLACES): Decimal {
    if (divisor.units === 0) throw new DecimalError('division_by_zero');
    const shift = places + divisor.scale - this.scale;
    const denominator = shift >= 0 ? divisor.units : shifted(divisor.units, -shift);
    return new Decimal(divideHalfEven(this.units, denominator, Math.max(0, shift)), places);
  }

  /** This value rounded half-even to `places`; unchanged when it has no more than that. */
  rounded(places = DIVISION_PLACES): Decimal {
    if (this.scale <= places) return this;
    return new Decimal(divideHalfEven(this.units, shifted(1, this.scale - places)), places);
  }

  negated(): Decimal {
    return new Decimal(opposite(this.units), this.scale);
  }

  abs(): Decimal {
    return this.units < 0 ? this.negated() : this;
  }

  /** −1, 0 or 1. */
  sign(): -1 | 0 | 1 {
    if (this.units === 0) return 0;
    return this.units < 0 ? -1 : 1;
  }

  isZero(): boolean {
    return this.units === 0;
  }

  isPositive(): boolean {
    return this.units > 0;
  }

  isNegative(): boolean {
    return this.units < 0;
  }

  compare(other: Decimal): -1 | 0 | 1 {
    const scale = Math.max(this.scale, other.scale);
    const left = this.unitsAt(scale);
    const right = other.unitsAt(scale);
    if (left === right) return 0;
    return left < right ? -1 : 1;
  }

  equals(other: Decimal): boolean {
    return this.compare(other) === 0;
  }

  lessThan(other: Decimal): boolean {
    return this.compare(other) < 0;
  }

  greaterThan(other: Decimal): boolean {
    return this.compare(other) > 0;
  }

  /** The exact value as plain text: no exponent, no trailing zeros, "0" for zero. */
  toString(): string {
    const negative = this.units < 0;
    const digits = (negative ? -this.units : this.units).toString();
    if (this.scale === 0) return negative ? `-${digits}` : digits;
    const padded = digits.padStart(this.scale + 1, '0');
    const integer = padded.slice(0, -this.scale);
    const fraction = withoutTrailingZeros(padded.slice(-this.scale));
    const text = fraction === '' ? integer : `${integer}.${fraction}`;
    return negative ? `-${text}` : text;
  }

  /** Exact text, so that a decimal inside a stored document never passes through a binary float. */
  toJSON(): string {
    return this.toString();
  }

  /** The nearest double, for JSON numbers and statistics only; never feed it back into money. */
  toNumber(): number {
    // One division of two exact doubles is rounded once, to the nearest.
    const power = SMALL_POWERS[this.scale];
    if (typeof this.units === 'number' && power !== undefined) return this.units / power;
    return Number(this.toString());
  }

  private unitsAt(scale: number): Units {
    return scale === this.scale ? this.units : shifted(this.units, scale - this.scale);
  }
}

function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === ZERO_CODE) end -= 1;
  return digits.slice(0, end);
}

const [ZERO_CODE, NINE_CODE, POINT_CODE, MINUS_CODE] = [48, 57, 46, 45];

/** Most inputs are a few plain digits: they fit a safe integer, and need no pattern. null = not of that form; the long way decides. */
function parseShort(text: string): Decimal | null {
  const start = text.charCodeAt(0) === MINUS_CODE ? 1 : 0;
  if (text.length - start > 15 || text.length === start) return null;
  let units = 0;
  let point = -1;
  for (let i = start; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code >= ZERO_CODE && code <= NINE_CODE) units = units * 10 + (code - ZERO_CODE);
    else if (code === POINT_CODE && point < 0) point = i;
    else return null;
  }
  if (point === start && text.length === start + 1) return null;
  const scale = point < 0 ? 0 : text.length - point - 1;
  return Decimal.ofUnits(start === 1 ? 0 - units : units, scale);
}

/** A safe integer is kept as a number, whose arithmetic costs a tenth of a bigint's; anything beyond as a bigint. Never the other way round. */
export type Units = number | bigint;

const LARGEST = Number.MAX_SAFE_INTEGER;
/** Powers that are safe integers themselves. */
export const SMALL_POWERS = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);
const POWERS: bigint[] = [1n];

/** 10^exponent, for any exponent ≥ 0. */
export function powerOfTen(exponent: number): bigint {
  for (let next = POWERS.length; next <= exponent; next += 1) POWERS.push(POWERS[next - 1]! * 10n);
  return POWERS[exponent]!;
}

/** An integer as it is kept. */
export function narrowed(units: bigint): Units {
  // What is beyond the safe integers becomes a number beyond them too; comparing bigints with numbers costs three times as much.
  const near = Number(units);
  return near <= LARGEST && near >= -LARGEST ? near : units;
}

/** Never −0, which is no integer of its own. */
export function opposite(units: Units): Units {
  return typeof units === 'number' ? 0 - units : -units;
}

/** A sum beyond the safe integers is rounded to one beyond them too, so that looking at the result is enough; likewise a product. */
export function sumOf(a: Units, b: Units): Units {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (sum <= LARGEST && sum >= -LARGEST) return sum;
  }
  return narrowed(BigInt(a) + BigInt(b));
}

/** The exact product. */
export function productOf(a: Units, b: Units): Units {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (product <= LARGEST && product >= -LARGEST) return product + 0;
  }
  return narrowed(BigInt(a) * BigInt(b));
}

/** `units × 10^places`. */
export function shifted(units: Units, places: number): Units {
  const power = SMALL_POWERS[places];
  return power === undefined ? narrowed(BigInt(units) * powerOfTen(places)) : productOf(units, power);
}

/** The nearest integer to `numerator × 10^places ÷ denominator`; of two equally near the even one. The denominator is not zero. */
export function divideHalfEven(units: Units, denominator: Units, places = 0): Units {
  const numerator = typeof units === 'number' ? units * (SMALL_POWERS[places] ?? Infinity) : Infinity;
  if (numerator <= LARGEST && numerator >= -LARGEST && typeof denominator === 'number') {
    const remainder = numerator % denominator;
    // Taken off first: a division without a rest is exact, one with a rest may be rounded up to the next integer.
    const quotient = (numerator - remainder) / denominator + 0;
    const rest = Math.abs(remainder);
    const missing = Math.abs(denominator) - rest;
    if (rest < missing || (rest === missing && quotient % 2 === 0)) return quotient;
    return numerator < 0 === denominator < 0 ? quotient + 1 : quotient - 1;
  }
  return narrowed(divideLarge(BigInt(units) * powerOfTen(places), BigInt(denominator)));
}

function divideLarge(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const remainder = numerator % denominator;
  if (remainder === 0n) return quotient;
  const doubled = 2n * (remainder < 0n ? -remainder : remainder);
  const magnitude = denominator < 0n ? -denominator : denominator;
  const roundsAway = doubled > magnitude || (doubled === magnitude && quotient % 2n !== 0n);
  if (!roundsAway) return quotient;
  return numerator < 0n === denominator < 0n ? quotient + 1n : quotient - 1n;
}

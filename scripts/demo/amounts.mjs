/** Amounts of the demo: whole hundred-millionths as BigInt, so that what it reports is exactly what its prices say. */
const PLACES = 8;
const ONE = 10n ** BigInt(PLACES);

/** Reads a plain decimal of at most eight places. */
export function amount(text) {
  const [whole, fraction = ''] = String(text).split('.');
  return BigInt(whole + fraction.padEnd(PLACES, '0'));
}

/** Exact as long as the places of both factors together are at most eight, else cut there. */
export function times(left, right) {
  return (left * right) / ONE;
}

/** The share `part ÷ whole` of an amount. */
export function share(value, part, whole) {
  return (value * part) / whole;
}

/** Plain digits without trailing zeros. */
export function text(value) {
  const digits = String(value < 0n ? -value : value).padStart(PLACES + 1, '0');
  const fraction = digits.slice(-PLACES).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -PLACES)}${fraction && `.${fraction}`}`;
}

/** As a JSON number: amounts of the demo have few enough digits to survive it unchanged. */
export function number(value) {
  return Number(text(value));
}

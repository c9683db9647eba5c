import { isNotFinite, readDecimal } from '../../transport/wire/numbers.js';
import { Decimal, MAX_INPUT_DECIMALS } from '../../shared/decimal.js';
import { plainNumber } from './python-text.js';
import type { RowValues } from './source.js';

const FORM = /^([+-]?)(\d{1,40})(?:\.(\d{0,60}))?(?:[eE]([+-]?\d{1,2}))?$/;
/** A double has at most so many significant digits, whatever its text; more than that is no double's doing. */
const DIGITS_OF_A_DOUBLE = 17;

/**
 * A number of a trade store as exact plain text; null when it is none at all (NaN, the infinities). The store computes with binary
 * floats: one with more than 18 decimals is their noise, and is rounded half-even at 18. A longer text than a double has digits, and
 * what is no number, is left as it is, for the reader to refuse.
 */
export function storeNumber(text: string): string | null {
  const plain = plainNumber(text).trim();
  if (isNotFinite(plain)) return null;
  const match = FORM.exec(plain);
  if (!match) return plain;
  const [, sign, integer = '', fraction = '', exponent = '0'] = match;
  const digits = integer + fraction;
  const decimals = fraction.length - Number(exponent);
  const significant = digits.replace(/^0+/, '').replace(/0+$/, '').length;
  if (decimals <= MAX_INPUT_DECIMALS || significant > DIGITS_OF_A_DOUBLE) return plain;
  const padded = digits.padStart(decimals + 1, '0');
  const exact = Decimal.stored(`${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`).rounded();
  return (sign === '-' ? exact.negated() : exact).toString();
}

/** The number of a field; null when it is not told. Throws Refusal when it is told and is no number. */
export function readStoreNumber(values: RowValues, field: string): Decimal | null {
  const text = values.get(field);
  const plain = text === undefined || isMissing(text) ? null : storeNumber(text);
  return plain === null ? null : readDecimal(plain, field);
}

/** What Python writes for a value that it does not have. */
export function isMissing(text: string): boolean {
  return /^(?:none|null|\s*)$/i.test(text);
}

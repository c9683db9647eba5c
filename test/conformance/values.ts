import { Decimal } from '../../src/shared/decimal.js';
import { type Json, NotOffered, textOf } from './outcome.js';

const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const UNDEFINED = /^[+-]?(nan|inf|infinity|none|null|undefined)$/i;

/** A number of a file as an exact decimal, whatever its length; null when the text is no number. */
export function exactNumber(value: Json | undefined): Decimal | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  const text = textOf(value).trim();
  if (!PLAIN.test(text)) return null;
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const negative = mantissa.startsWith('-');
  const [integer = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.');
  const point = integer.length + Number(exponent);
  const digits = integer + fraction;
  const padded = point > 0 ? digits.padEnd(point, '0') : '0'.repeat(1 - point) + digits;
  const at = Math.max(point, 1);
  const rest = padded.slice(at);
  return Decimal.stored(`${negative ? '-' : ''}${padded.slice(0, at)}${rest === '' ? '' : `.${rest}`}`);
}

/** As `exactNumber`, and anything else is refused with the name of the place it stood in. */
export function decimalAt(value: Json | undefined, place: string): Decimal {
  const number = exactNumber(value);
  if (number === null) throw new NotOffered(`${place} is not a number`);
  return number;
}

/** A double of a file, for statistics over return series. */
export function doubleAt(value: Json | undefined, place: string): number {
  return decimalAt(value, place).toNumber();
}

/** null, NaN and the infinities mean: not defined. */
export function isUndefined(value: Json): boolean {
  return value === null || (typeof value === 'string' && UNDEFINED.test(value));
}

export function listAt(value: Json | undefined, place: string): readonly Json[] {
  if (!Array.isArray(value)) throw new NotOffered(`${place} is not a list`);
  return value as readonly Json[];
}

const DAY_MS = 86_400_000;

/** Days are numbers as they stand; a date is counted in days. */
export function dayOf(date: Json | undefined): number {
  if (typeof date === 'number') return date;
  const moment = Date.parse(typeof date === 'string' ? date : '');
  if (Number.isNaN(moment)) throw new NotOffered(`a date "${textOf(date)}"`);
  return moment / DAY_MS;
}

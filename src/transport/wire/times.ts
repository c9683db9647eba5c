import type { Micros } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';

const EXPONENT = /^\d(?:\.\d{1,18})?[eE]\+?[01]?\d$/;
const ZONE = /^ ?([+-])(\d\d):?(\d\d)?$/;
const UTC = new Set(['', 'Z', 'z', '+00:00', ' UTC', ' +00:00', 'UTC', ' Z']);
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const POINT = 46;
const LONGEST = 64;

/**
 * Microseconds since the epoch of any time form of the wire: ISO with or without zone (without = UTC), `T` or a
 * space, 0–9 fraction digits; epoch seconds, ms (≥ 10^11), µs (≥ 10^14) or ns (≥ 10^17) as exact text. Digits beyond
 * the microsecond are cut. null when it is none of these, or not between 1970 (exclusive) and 2255. It stands on the
 * tick path: hence characters instead of captures.
 */
export function parseTime(text: string): Micros | null {
  if (text.length > LONGEST) return null;
  const micros = epochMicros(text) ?? isoMicros(text) ?? exponentMicros(text);
  return micros !== null && micros > 0 && Number.isSafeInteger(micros) ? micros : null;
}

function epochMicros(text: string): Micros | null {
  const point = endOfDigits(text, 0);
  if (point === 0) return null;
  if (point < text.length && (text.charCodeAt(point) !== POINT || endOfDigits(text, point + 1) < text.length))
    return null;
  let start = 0;
  while (text.charCodeAt(start) === 48 && start < point - 1) start += 1;
  // The first digits that make microseconds; what is behind them is cut, what is missing is zero.
  return firstDigits(text, start, 6 + (point - start) - decimalsOf(point - start));
}

/** From 12 digits on epoch values are milliseconds, then micro- and nanoseconds: as seconds they would lie beyond the year 5000. */
function decimalsOf(integerDigits: number): number {
  if (integerDigits < 12) return 0;
  if (integerDigits < 15) return 3;
  return integerDigits < 18 ? 6 : 9;
}

function firstDigits(text: string, start: number, length: number): number {
  let value = 0;
  let at = start;
  for (let count = 0; count < length; count += 1) {
    if (text.charCodeAt(at) === POINT) at += 1;
    value = value * 10 + (at < text.length ? text.charCodeAt(at) - 48 : 0);
    at += 1;
  }
  return value;
}

/** A float may be spelled with an exponent; the decimal writes the same digits without one. */
function exponentMicros(text: string): Micros | null {
  return EXPONENT.test(text) ? epochMicros(Decimal.parse(text).toString()) : null;
}

function isoMicros(text: string): Micros | null {
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const separator = text[10];
  if (text[4] !== '-' || text[7] !== '-' || (separator !== 'T' && separator !== ' ') || text[13] !== ':')
    return null;
  const hasSeconds = text[16] === ':';
  const second = hasSeconds ? twoDigits(text, 17) : 0;
  if (!(year >= 1970 && day >= 1 && day <= daysIn(year, month) && hour <= 23 && minute <= 59 && second <= 59))
    return null;
  const hasFraction = hasSeconds && (text[19] === '.' || text[19] === ',');
  const end = hasFraction ? endOfDigits(text, 20) : hasSeconds ? 19 : 16;
  if (hasFraction && (end === 20 || end > 29)) return null;
  const offset = offsetMinutes(text.slice(end));
  if (offset === null) return null;
  const seconds = Date.UTC(year, month - 1, day, hour, minute - offset, second) / 1000;
  return seconds * 1_000_000 + (hasFraction ? firstDigits(text.slice(20, end), 0, 6) : 0);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** The index behind the digits that start at `start`; `start` itself when there are none. */
function endOfDigits(text: string, start: number): number {
  let at = start;
  while (isDigit(text.charCodeAt(at))) at += 1;
  return at;
}

/** NaN when they are no digits, so that every comparison with them fails. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at);
  const ones = text.charCodeAt(at + 1);
  return isDigit(tens) && isDigit(ones) ? tens * 10 + ones - 528 : NaN;
}

/** NaN for a month that does not exist. */
function daysIn(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && isLeap ? 29 : (DAYS[month - 1] ?? NaN);
}

function offsetMinutes(zone: string): number | null {
  if (UTC.has(zone)) return 0;
  const match = ZONE.exec(zone);
  if (!match) return null;
  const [, sign, hours, minutes = '0'] = match;
  if (Number(hours) > 23 || Number(minutes) > 59) return null;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

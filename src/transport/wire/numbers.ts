import { Refusal } from '../../ledger/facts.js';
import { Decimal, DecimalError } from '../../shared/decimal.js';

const NOT_FINITE = /^[+-]?(?:nan|inf(?:inity)?)$/i;
const SHOWN = 40;

/** True for the texts that stand for no number at all: NaN and the infinities, as Python and JSON write them. */
export function isNotFinite(text: string): boolean {
  return NOT_FINITE.test(text);
}

/** A value as it may stand in a message to people: short and without control characters. */
export function shown(text: string): string {
  const cut = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return JSON.stringify(cut);
}

/**
 * Reads a number exactly. Throws Refusal `<field>_invalid` when it is none, `too_many_decimals` beyond 18 decimals,
 * `number_too_large` beyond 24 integer digits.
 */
export function readDecimal(text: string, field: string): Decimal {
  try {
    return Decimal.parse(text);
  } catch (error) {
    if (!(error instanceof DecimalError)) throw error;
    if (error.reason === 'too_many_decimals') {
      throw new Refusal('too_many_decimals', `${field} has more than 18 decimals: ${shown(text)}`);
    }
    if (error.reason === 'too_large') {
      throw new Refusal('number_too_large', `${field} has more than 24 integer digits: ${shown(text)}`);
    }
    throw new Refusal(`${field}_invalid`, `${field} is not a number: ${shown(text)}`);
  }
}

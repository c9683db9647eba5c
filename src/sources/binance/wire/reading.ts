import { Refusal } from '../../../ledger/facts.js';
import { Decimal, DecimalError } from '../../../shared/decimal.js';
import type { Json } from '../../../transport/wire/json.js';
import { parseJson } from '../../../transport/wire/json.js';
import { Trouble } from '../trouble.js';
import { symbolNameOf } from './symbol-name.js';

/** An object of the exchange's; numbers are their exact text, because its ids have more digits than a double. */
export type Body = ReadonlyMap<string, Json>;

/** Text as JSON. Throws Trouble `bad_answer` for HTML, a cut body, and anything else that is none. */
export function bodyOf(text: string): Json {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof Refusal) throw new Trouble('bad_answer', 'the answer is not JSON');
    throw error;
  }
}

/** Throws Trouble `bad_answer` when it is none; `what` names it. */
export function objectOf(value: Json | undefined, what: string): Body {
  if (!(value instanceof Map)) throw new Trouble('bad_answer', `${what} is no object`);
  return value as Body;
}

/** Throws Trouble `bad_answer` when it is none; `what` names it. */
export function listOf(value: Json | undefined, what: string): readonly Json[] {
  if (!Array.isArray(value)) throw new Trouble('bad_answer', `${what} is no list`);
  return value as readonly Json[];
}

/** A text or number as text. Throws Trouble `bad_answer` when it is missing, or is something else. */
export function textIn(body: Body, name: string): string {
  const value = body.get(name);
  if (typeof value !== 'string') throw new Trouble('bad_answer', `${name} is missing`);
  return value;
}

/** An amount, exactly. Throws Trouble `bad_answer` when it is missing or none: it never becomes 0. */
export function decimalIn(body: Body, name: string): Decimal {
  try {
    return Decimal.parse(textIn(body, name));
  } catch (error) {
    if (error instanceof DecimalError) throw new Trouble('bad_answer', `${name} is not an amount`);
    throw error;
  }
}

/** A price that may be left open: 0 and a missing one are null. */
export function positiveIn(body: Body, name: string): Decimal | null {
  if (typeof body.get(name) !== 'string' || body.get(name) === '') return null;
  const value = decimalIn(body, name);
  return value.isPositive() ? value : null;
}

/** A moment in ms. Throws Trouble `bad_answer` when it is missing or none. */
export function momentIn(body: Body, name: string): number {
  const text = textIn(body, name);
  if (!/^\d{12,14}$/.test(text)) throw new Trouble('bad_answer', `${name} is not a time`);
  return Number(text);
}

/** A symbol, by the name that it has with us. Throws Trouble `bad_answer` when it is missing or can have none. */
export function symbolIn(body: Body, name: string): string {
  const symbol = symbolNameOf(textIn(body, name));
  if (symbol === null) throw new Trouble('bad_answer', `${name} is not a symbol`);
  return symbol;
}

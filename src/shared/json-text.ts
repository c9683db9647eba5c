import { Decimal } from './decimal.js';

/** What an answer may hold: decimals stay exact until they are text. */
export type Json =
  | Decimal
  | Unchanging
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Json[]
  | ReadonlyMap<string, Json>
  | { readonly [key: string]: Json };

/** What stands in a text for something that never changes. */
type TextOf = (part: Unchanging) => string;

/**
 * JSON text in which every decimal keeps all its digits: as a JSON number, or (`strings`) as a plain string, never with an exponent.
 * Undefined members are left out, Maps become objects. `textOf` may write something else for what never changes.
 */
export function jsonText(
  value: Json,
  strings = false,
  textOf: TextOf = (part) => part.text(strings),
): string {
  if (value instanceof Decimal) return strings ? `"${value.toString()}"` : value.toString();
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  if (isList(value)) return `[${value.map((element) => jsonText(element, strings, textOf)).join(',')}]`;
  return isUnchanging(value) ? textOf(value) : objectText(value, strings, textOf);
}

/** Something that never changes once it is made: it may keep its text, and be known again by what it is. */
export interface Unchanging {
  /** What `jsonText` writes of it. */
  text(strings: boolean): string;
}

function isUnchanging(value: object): value is Unchanging {
  return 'text' in value && typeof value.text === 'function';
}

function objectText(value: object, strings: boolean, textOf?: TextOf): string {
  let text = '';
  const members: Iterable<[string, unknown]> = value instanceof Map ? value : Object.entries(value);
  for (const [key, member] of members) {
    if (member === undefined) continue;
    text += `${text === '' ? '{' : ','}${JSON.stringify(key)}:${jsonText(member as Json, strings, textOf)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}

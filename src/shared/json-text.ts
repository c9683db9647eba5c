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

/**
 * JSON text in which every decimal keeps all its digits: as a JSON number, or (`strings`) as a plain string, never with an exponent.
 * Undefined members are left out, Maps become objects.
 */
export function jsonText(value: Json, strings = false): string {
  if (value instanceof Decimal) return decimalText(value, strings);
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  if (isList(value)) return `[${value.map((element) => jsonText(element, strings)).join(',')}]`;
  return isUnchanging(value) ? value.text(strings) : objectText(value, strings);
}

/** A decimal in such a text. */
export function decimalText(value: Decimal | null, strings: boolean): string {
  if (value === null) return 'null';
  return strings ? `"${value.toString()}"` : value.toString();
}

/** Something that never changes once it is made: it may keep its text, and be known again by what it is. */
export interface Unchanging {
  /** What `jsonText` writes of it. */
  text(strings: boolean): string;
}

export function isUnchanging(value: unknown): value is Unchanging {
  return typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'function';
}

function objectText(value: object, strings: boolean): string {
  let text = '';
  const members: Iterable<[string, unknown]> = value instanceof Map ? value : Object.entries(value);
  for (const [key, member] of members) {
    if (member === undefined) continue;
    text += `${text === '' ? '{' : ','}${JSON.stringify(key)}:${jsonText(member as Json, strings)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}

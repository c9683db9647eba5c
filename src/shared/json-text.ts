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
  return value instanceof Unchanging ? textOf(value) : objectText(value, strings, textOf);
}

/** Something that never changes once it is made: its text is written only once. */
export abstract class Unchanging {
  private asNumbers: string | null = null;
  private asStrings: string | null = null;

  /** What `jsonText` writes of it. */
  text(strings: boolean): string {
    if (strings) return (this.asStrings ??= objectText(this.members(), true));
    return (this.asNumbers ??= objectText(this.members(), false));
  }

  protected abstract members(): { readonly [key: string]: Json };
}

function objectText(value: object, strings: boolean, textOf?: TextOf): string {
  const members = value instanceof Map ? [...(value as Map<string, Json>)] : Object.entries(value);
  const texts = members
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${JSON.stringify(key)}:${jsonText(member as Json, strings, textOf)}`);
  return `{${texts.join(',')}}`;
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}

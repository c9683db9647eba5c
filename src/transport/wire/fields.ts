import { Refusal } from '../../ledger/facts.js';
import type { Micros } from '../../ledger/facts.js';
import type { Decimal } from '../../shared/decimal.js';
import { parseJson } from './json.js';
import type { Json } from './json.js';
import { isNotFinite, readDecimal, shown } from './numbers.js';
import { readSymbol } from './symbol.js';
import { parseTime } from './times.js';

const LONGEST_TEXT = 1000;

/** `entryPrice` → `entry_price`; a name without capitals is left alone. */
export function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function hasCapitals(name: string): boolean {
  for (let at = 0; at < name.length; at += 1) {
    const code = name.charCodeAt(at);
    if (code >= 65 && code <= 90) return true;
  }
  return false;
}

function isMissing(value: Json): boolean {
  if (typeof value !== 'string') return value === null;
  if (value.length <= 4) return /^(?:none|null|\s*)$/i.test(value);
  return value.charCodeAt(0) <= 32 && value.trim() === '';
}

/** A value of a message with the name it was found under. */
interface Found {
  readonly name: string;
  readonly value: Json;
}

/**
 * The fields of one message under their snake_case names, whatever their spelling and order. Every missing form
 * (absent, null, "", "None", "null") reads as null. Where a name comes in two spellings the snake_case one wins.
 * Each reader takes the field's own name first and then its other names; the first that is there counts. Refusals
 * carry the own name in their code and the name as sent in their message.
 */
export class Fields {
  private readonly values = new Map<string, Json>();

  constructor(members: ReadonlyMap<string, Json>) {
    const others: (readonly [name: string, value: Json])[] = [];
    for (const [name, value] of members) {
      if (isMissing(value)) continue;
      if (hasCapitals(name)) others.push([name, value]);
      else this.values.set(name, value);
    }
    // Which of two spellings counts may depend on the names only, never on their order.
    others.sort(([first], [second]) => (first < second ? -1 : 1));
    for (const [name, value] of others) {
      const key = snakeCase(name);
      if (!this.values.has(key)) this.values.set(key, value);
    }
  }

  has(...names: readonly string[]): boolean {
    return names.some((name) => this.values.has(name));
  }

  /** True when nothing is there but these names. */
  hasOnly(names: ReadonlySet<string>): boolean {
    for (const name of this.values.keys()) if (!names.has(name)) return false;
    return true;
  }

  /** A trimmed text, number or boolean as text; null when missing. A nested value is refused. */
  text(...names: readonly [string, ...string[]]): string | null {
    const found = this.find(names);
    if (found === null) return null;
    if (typeof found.value === 'boolean') return String(found.value);
    // Python writes NaN for a text that it does not have, too.
    if (typeof found.value === 'string') return found.value === 'NaN' ? null : found.value.trim();
    throw new Refusal(`${names[0]}_invalid`, `${found.name} is not a text`);
  }

  /** Text for people: without control characters, cut at 1000 characters; null when missing or nested. */
  freeText(...names: readonly [string, ...string[]]): string | null {
    const value = this.find(names)?.value;
    if (typeof value !== 'string') return null;
    const clean = value.replace(/[\p{Cc}\p{Cs}]/gu, ' ').trim();
    return clean === '' ? null : clean.slice(0, LONGEST_TEXT).replace(/\p{Cs}$/u, '');
  }

  /** An upper-case word such as a status or an asset; null when missing. */
  word(...names: readonly [string, ...string[]]): string | null {
    return this.text(...names)?.toUpperCase() ?? null;
  }

  symbol(): string | null {
    const text = this.text('symbol');
    return text === null ? null : readSymbol(text);
  }

  /** An exact number; null when missing. NaN, infinities and what is no number are refused. */
  decimal(...names: readonly [string, ...string[]]): Decimal | null {
    const found = this.find(names);
    return found === null ? null : numberOf(found, names[0]);
  }

  /** A number that others can do without: NaN and the infinities read as missing. */
  optionalDecimal(...names: readonly [string, ...string[]]): Decimal | null {
    const value = this.find(names)?.value;
    return typeof value === 'string' && isNotFinite(value.trim()) ? null : this.decimal(...names);
  }

  /** The first price that is known: producers write 0.0 for one that they do not know, which reads as null. */
  price(...names: readonly [string, ...string[]]): Decimal | null {
    for (const name of names) {
      const found = this.find([name]);
      const price = found === null ? null : numberOf(found, names[0]);
      if (price !== null && !price.isZero()) return price;
    }
    return null;
  }

  /** true, false ("True", "1" …), or null when missing or neither. */
  flag(...names: readonly [string, ...string[]]): boolean | null {
    const word = this.find(names)?.value;
    if (typeof word === 'boolean') return word;
    if (typeof word !== 'string') return null;
    if (/^\s*(?:true|1(?:\.0)?|yes)\s*$/i.test(word)) return true;
    return /^\s*(?:false|0(?:\.0)?|no)\s*$/i.test(word) ? false : null;
  }

  /** The first time under these names; null when none is there. Throws Refusal `time_invalid`. */
  time(...names: readonly string[]): Micros | null {
    const found = this.find(names.filter((name) => !isNaNText(this.values.get(name) ?? null)));
    if (found === null) return null;
    const text = typeof found.value === 'string' ? found.value.trim() : '';
    const time = parseTime(text);
    if (time === null) throw new Refusal('time_invalid', `${found.name} is not a time: ${shown(text)}`);
    return time;
  }

  /** A nested object, also one that came as JSON text in a flat message; null when there is none. */
  nested(name: string): Fields | null {
    const value = this.values.get(name);
    if (value instanceof Map) return new Fields(value as ReadonlyMap<string, Json>);
    if (typeof value !== 'string' || !value.trimStart().startsWith('{')) return null;
    try {
      return new Fields(parseJson(value) as ReadonlyMap<string, Json>);
    } catch (error) {
      // A Python repr in a field that adds detail; the message is worth reading without it.
      if (error instanceof Refusal) return null;
      throw error;
    }
  }

  /** How many elements an array has; null when the field is not one. */
  count(name: string): number | null {
    const value = this.values.get(name);
    return Array.isArray(value) ? value.length : null;
  }

  private find(names: readonly string[]): Found | null {
    for (const name of names) {
      const value = this.values.get(name);
      if (value !== undefined) return { name, value };
    }
    return null;
  }
}

function numberOf(found: Found, field: string): Decimal {
  if (typeof found.value === 'string') return readDecimal(found.value.trim(), field);
  throw new Refusal(`${field}_invalid`, `${found.name} is not a number`);
}

function isNaNText(value: Json): boolean {
  return typeof value === 'string' && isNotFinite(value.trim());
}

/** The value, or Refusal `<field>_missing`. */
export function required<Value>(value: Value | null, field: string): Value {
  if (value === null) throw new Refusal(`${field}_missing`, `${field} is missing`);
  return value;
}

import { Refusal } from '../../ledger/facts.js';
import type { Json } from '../../transport/wire/json.js';
import { parseJson } from '../../transport/wire/json.js';

export type Members = ReadonlyMap<string, Json>;

const LONGEST_TEXT = 200;

/** The members of a JSON object; null when it is none. */
export function membersOf(json: Json | undefined): Members | null {
  return json instanceof Map ? (json as Members) : null;
}

/** A text, number or boolean as a short text; null when it is missing in any form, or nested. */
export function textIn(members: Members, name: string): string | null {
  const value = members.get(name);
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'string' || /^\s*(none|null)?\s*$/i.test(value)) return null;
  return value.trim().slice(0, LONGEST_TEXT);
}

/** A yes or no as JSON or Python writes it, bare or as text; null when it is neither. */
export function flagIn(members: Members, name: string): boolean | null {
  const word = textIn(members, name)?.toLowerCase() ?? '';
  if (['true', '1', 'yes'].includes(word)) return true;
  return ['false', '0', 'no'].includes(word) ? false : null;
}

/** An object, also one that is written as text inside the other. */
export function nestedIn(members: Members, name: string): Members | null {
  const value = members.get(name);
  return typeof value === 'string' ? membersOf(parseTolerantly(value)) : membersOf(value);
}

/** JSON, or what Python prints of a dictionary; null when it is neither. */
export function parseTolerantly(text: string): Json {
  for (const form of [text, jsonOfPython(text)]) {
    try {
      return parseJson(form);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  return null;
}

function jsonOfPython(text: string): string {
  const words: Readonly<Record<string, string>> = { True: 'true', False: 'false', None: 'null' };
  return text.replaceAll("'", '"').replace(/\b(True|False|None)\b/g, (word) => words[word]!);
}

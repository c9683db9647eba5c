import { Refusal } from '../../ledger/facts.js';
import type { Json } from '../../transport/wire/json.js';
import { MAX_TEXT_LENGTH, parseJson } from '../../transport/wire/json.js';
import { isNotFinite } from '../../transport/wire/numbers.js';
import { parsePythonDict, plainWord } from './python-text.js';
import { isMissing } from './store-number.js';
import type { RowValues } from './source.js';

/** The category of a trade as its row tells it; null when it does not. */
export interface ReadCategory {
  readonly category: string | null;
  /** True when there is metadata that is neither JSON nor the repr of a dict. */
  readonly unreadable: boolean;
}

const WORD = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** Reads `signal_category` from a row's metadata: JSON, as the store writes it, or the Python repr that updates leave. */
export function readCategory(values: RowValues): ReadCategory {
  const text = values.get('metadata');
  if (text === undefined || isMissing(text) || isNotFinite(text))
    return { category: null, unreadable: false };
  const members = text.length > MAX_TEXT_LENGTH ? null : membersOf(text);
  if (members === null) return { category: null, unreadable: true };
  const told = members.get('signal_category');
  const word = typeof told === 'string' ? plainWord(told.trim()) : '';
  const isNone = isMissing(word) || isNotFinite(word) || !WORD.test(word);
  return { category: isNone ? null : word.toUpperCase(), unreadable: false };
}

function membersOf(text: string): ReadonlyMap<string, Json> | null {
  try {
    const value = parseJson(text);
    if (value instanceof Map) return value as ReadonlyMap<string, Json>;
    // JSON inside of JSON: a metadata that was encoded twice. A number is its own text, and holds nothing.
    return typeof value === 'string' && value !== text ? membersOf(value) : null;
  } catch (error) {
    if (error instanceof Refusal) return parsePythonDict(text);
    throw error;
  }
}

import { Refusal } from '../../ledger/facts.js';
import type { Side } from '../../ledger/facts.js';
import { shown } from './numbers.js';

export type SideWord = 'LONG' | 'SHORT' | 'BUY' | 'SELL' | 'FLAT';

const WORDS: ReadonlyMap<string, SideWord> = new Map(
  (['LONG', 'SHORT', 'BUY', 'SELL', 'FLAT'] as const).flatMap((word) => [
    [word, word] as const,
    [word.toLowerCase(), word] as const,
  ]),
);
// Only ASCII letters are upper-cased: Unicode would turn a long s into S and let a look-alike pass.
const LETTERS = /^[A-Za-z]{1,8}$/;

/** The side word a text says, in any case; null when it is none. */
export function sideWord(text: string): SideWord | null {
  const word = WORDS.get(text);
  if (word) return word;
  return LETTERS.test(text) ? (WORDS.get(text.toUpperCase()) ?? null) : null;
}

/** The refusal of a side that is not in the vocabulary, or that means nothing where it stands. */
export function sideUnknown(text: string): Refusal {
  return new Refusal('side_unknown', `side is not one of LONG, SHORT, BUY, SELL: ${shown(text)}`);
}

/** The position's side of a trade that opens: BUY opens a LONG. Throws Refusal `side_unknown`. */
export function openingSide(text: string): Side {
  const word = sideWord(text);
  if (word === 'LONG' || word === 'BUY') return 'LONG';
  if (word === 'SHORT' || word === 'SELL') return 'SHORT';
  throw sideUnknown(text);
}

/**
 * The side of the position that a close closes. BUY and SELL are the closing order's (SELL closes a LONG), but with a
 * trade id the trade's own side wins, so that they say nothing: null. Throws Refusal `side_unknown`.
 */
export function closingSide(text: string, namesTrade: boolean): Side | null {
  const word = sideWord(text);
  if (word === 'LONG' || word === 'SHORT') return word;
  if (word === null || word === 'FLAT') throw sideUnknown(text);
  if (namesTrade) return null;
  return word === 'SELL' ? 'LONG' : 'SHORT';
}

/** The side of an order: LONG is a buy, SHORT a sell; null when the text is no side. */
export function orderSide(text: string): 'BUY' | 'SELL' | null {
  const word = sideWord(text);
  if (word === 'LONG' || word === 'BUY') return 'BUY';
  if (word === 'SHORT' || word === 'SELL') return 'SELL';
  return null;
}

import { Refusal } from '../../ledger/facts.js';
import { shown } from './numbers.js';

// Checked before upper-casing: Unicode would turn a dotless i into I and let a look-alike of a real symbol pass.
const SYMBOL = /^[A-Za-z0-9][A-Za-z0-9_.\-/:]{0,39}$/;
/** With letters of scripts that know no case (Chinese): none of them looks like one of ours, as a Cyrillic В does, or becomes one in upper case. */
const CASELESS =
  /^(?:[A-Za-z0-9]|(?!\p{Script=Latin})\p{Lo})(?:[A-Za-z0-9_.\-/]|(?!\p{Script=Latin})\p{Lo})*$/u;
/** What stands as it is in a name; every other UTF-16 unit stands as a colon and its four hexadecimal digits. */
const FOREIGN = /[^A-Z0-9_.\-/]/g;
/** A name is never shorter than what it stands for. */
const MOST_UNITS = 40;
/** More spellings than any venue lists; beyond that the memory starts anew. */
const REMEMBERED = 8192;
const known = new Map<string, string>();

/**
 * The symbol as it is known inside: trimmed, upper case, 1–40 of A–Z 0–9 _ . - / : and a letter or digit first. One with letters of a script
 * without case is written out (see `writtenOut`). Throws Refusal `symbol_invalid`. Spellings are remembered: ticks repeat a few hundred symbols, and a remembered
 * string does not hold the payload alive that it was cut from.
 */
export function readSymbol(text: string): string {
  const remembered = known.get(text);
  if (remembered !== undefined) return remembered;
  const trimmed = text.trim();
  const symbol = inAscii(trimmed);
  if (symbol === null) throw new Refusal('symbol_invalid', `symbol is not a symbol: ${shown(text)}`);
  if (known.size >= REMEMBERED) known.clear();
  if (text.length <= 48) known.set(text, symbol);
  return symbol;
}

function inAscii(text: string): string | null {
  if (SYMBOL.test(text)) return text.toUpperCase();
  return text.length <= MOST_UNITS && CASELESS.test(text) ? writtenOut(text.toUpperCase()) : null;
}

/**
 * `U` and the text with every foreign letter written out: `币安人生USDT` is `U:5E01:5B89:4EBA:751FUSDT`. It is a symbol by the rules of all
 * messages, and two never become one. null = it would be longer than a symbol may be, or is none.
 */
export function writtenOut(text: string): string | null {
  const code = (unit: string) => unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  const name = `U${text.replace(FOREIGN, (unit) => `:${code(unit)}`)}`;
  return text !== '' && SYMBOL.test(name) ? name : null;
}

/** Whether `readSymbol` takes it. */
export function canBeSymbol(text: string): boolean {
  return inAscii(text.trim()) !== null;
}

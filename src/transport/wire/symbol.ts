import { Refusal } from '../../ledger/facts.js';
import { shown } from './numbers.js';

// Checked before upper-casing: Unicode would turn a dotless i into I and let a look-alike of a real symbol pass.
const SYMBOL = /^[A-Za-z0-9][A-Za-z0-9_.\-/:]{0,39}$/;
/** More spellings than any venue lists; beyond that the memory starts anew. */
const REMEMBERED = 8192;
const known = new Map<string, string>();

/**
 * The symbol as it is known inside: trimmed, upper case, 1–40 of A–Z 0–9 _ . - / : and a letter or digit first.
 * Throws Refusal `symbol_invalid`. Spellings are remembered: ticks repeat a few hundred symbols, and a remembered
 * string does not hold the payload alive that it was cut from.
 */
export function readSymbol(text: string): string {
  const remembered = known.get(text);
  if (remembered !== undefined) return remembered;
  const trimmed = text.trim();
  if (!SYMBOL.test(trimmed)) throw new Refusal('symbol_invalid', `symbol is not a symbol: ${shown(text)}`);
  const symbol = trimmed.toUpperCase();
  if (known.size >= REMEMBERED) known.clear();
  if (text.length <= 48) known.set(text, symbol);
  return symbol;
}

/** Whether `readSymbol` takes it. */
export function canBeSymbol(text: string): boolean {
  return SYMBOL.test(text.trim());
}

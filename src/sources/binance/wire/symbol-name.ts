import { canBeSymbol, readSymbol, writtenOut } from '../../../transport/wire/symbol.js';

const WRITTEN = /:([0-9A-F]{4})/g;

/**
 * The symbol by which we know one of the exchange's: as in any message, or, whatever letters it may list, written out: what it lists is there,
 * and a look-alike of another shows. null = it would be longer than a symbol may be, or is none.
 */
export function symbolNameOf(text: string): string | null {
  return canBeSymbol(text) ? readSymbol(text) : writtenOut(text);
}

/** The exchange's own name of a symbol of ours. */
export function exchangeSymbolOf(name: string): string {
  if (!/^U.*:[0-9A-F]{4}/.test(name)) return name;
  return name.slice(1).replace(WRITTEN, (_all, digits: string) => String.fromCharCode(parseInt(digits, 16)));
}

import { canBeSymbol, readSymbol } from '../../../transport/wire/symbol.js';

/** What stands as it is in a name of ours; every other UTF-16 unit stands as a colon and its four hexadecimal digits. */
const FOREIGN = /[^A-Z0-9_.\-/]/g;
const WRITTEN = /:([0-9A-F]{4})/g;

/**
 * The symbol by which we know one of the exchange's: its own name, or, since it lists some in Chinese, `U` and the name with every foreign
 * letter written out (`币安人生USDT` is `U:5E01:5B89:4EBA:751FUSDT`): it is a symbol by the rules of all messages, two never become one, and a
 * look-alike of another shows. null = it would be longer than a symbol may be, or is none.
 */
export function symbolNameOf(text: string): string | null {
  if (canBeSymbol(text)) return readSymbol(text);
  const name = `U${text.replace(FOREIGN, (unit) => `:${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`)}`;
  return text !== '' && canBeSymbol(name) ? name : null;
}

/** The exchange's own name of a symbol of ours. */
export function exchangeSymbolOf(name: string): string {
  if (!/^U.*:[0-9A-F]{4}/.test(name)) return name;
  return name.slice(1).replace(WRITTEN, (_all, digits: string) => String.fromCharCode(parseInt(digits, 16)));
}

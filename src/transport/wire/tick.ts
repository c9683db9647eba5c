import type { MarkObserved } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import type { EntryBytes } from './entry-bytes.js';
import { MARK_PRICE_SOURCE } from './marks.js';
import type { ReplyCursor } from './reply-cursor.js';
import { readSymbol } from './symbol.js';
import { parseTime } from './times.js';

/** A tick has some 110 characters; what is longer is no usual tick. */
const LONGEST = 512;
/** Plain ASCII: whatever else a text holds is left to the full decoder. */
const TEXT = String.raw`[ !#-\[\]-~]*`;
const SCALAR = String.raw`(?:"${TEXT}"|-?(?:0|[1-9]\d*)(?:\.\d+)?|true|false|null)`;
const OTHERS = String.raw`(?:"(?!symbol"|price"|timestamp")[a-z_]+": ?${SCALAR}, ?)*`;
/**
 * A whole flat object in the order all producers write: symbol, price, others, timestamp. A symbol of up to four
 * letters may be a word for "missing"; the price is above zero and within the limits of an input.
 */
const USUAL = new RegExp(
  String.raw`^\{"symbol": ?"([A-Za-z0-9][A-Za-z0-9_.\-/:]{4,39})", ?` +
    String.raw`"price": ?(?=[\d.]*[1-9])((?:0|[1-9]\d{0,23})(?:\.\d{1,18})?), ?` +
    String.raw`${OTHERS}"timestamp": ?(?:"(${TEXT})"|((?:0|[1-9]\d*)(?:\.\d+)?))\}$`,
);
const MARK_PRICE_BYTES = Buffer.from(MARK_PRICE_SOURCE);
const SAYS_MARK_PRICE = new RegExp(`"source": ?"${MARK_PRICE_SOURCE}"`);

const NAMES = ['payload', 'source', 'trace_id', 'timestamp', 'event_type', 'correlation_id'].map((name) =>
  Buffer.from(name),
);
/** The names all differ in length, so that there is one to compare with. */
const NAME_OF_LENGTH = Array.from({ length: 15 }, (_, length) =>
  NAMES.find((name) => name.length === length),
);
const [PAYLOAD, SOURCE] = NAMES;

/**
 * Reads a usual `market.tick` without building an object: ticks come 100 000 a second and all but three of their
 * fields are thrown away. null for one in any other form, which is not refused by that but left to the full decoder;
 * what both read they read alike.
 */
export function scanTick(entry: EntryBytes): MarkObserved | null {
  let payload = '';
  let isMarkPrice = false;
  const cursor = entry.cursor();
  for (let left = cursor.array(); left > 1; left -= 2) {
    const name = knownName(cursor);
    const length = cursor.text();
    if (name === PAYLOAD) payload = latin1(cursor, Math.min(length, LONGEST + 1));
    else if (name === SOURCE) isMarkPrice = isText(cursor, length, MARK_PRICE_BYTES);
    else if (!name) return null;
  }
  return payload.length <= LONGEST ? markOf(payload, isMarkPrice) : null;
}

function markOf(payload: string, isMarkPriceEntry: boolean): MarkObserved | null {
  const match = USUAL.exec(payload);
  const at = match ? parseTime(match[3] ?? match[4]!) : null;
  const told = payload.indexOf('"source"');
  // A second `source` would make it a question of which one counts.
  if (!match || at === null || (told >= 0 && told !== payload.lastIndexOf('"source"'))) return null;
  const isMarkPrice = isMarkPriceEntry || (told >= 0 && SAYS_MARK_PRICE.test(payload));
  return {
    kind: 'mark',
    symbol: readSymbol(match[1]!),
    price: Decimal.parse(match[2]!),
    at,
    source: isMarkPrice ? 'mark_price' : 'market.tick',
  };
}

function latin1({ bytes, start }: ReplyCursor, length: number): string {
  return bytes.toString('latin1', start, start + length);
}

/** The name of a field around a payload, which the cursor passes; undefined for any other. */
function knownName(cursor: ReplyCursor): Buffer | undefined {
  const length = cursor.text();
  const name = NAME_OF_LENGTH[length];
  return name && isText(cursor, length, name) ? name : undefined;
}

/** Whether the text that the cursor read last is this one. */
function isText({ bytes, start }: ReplyCursor, length: number, text: Buffer): boolean {
  if (length !== text.length) return false;
  for (let index = 0; index < length; index += 1) if (bytes[start + index] !== text[index]) return false;
  return true;
}

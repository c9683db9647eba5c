import type { MarkObserved } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import { MARK_PRICE_SOURCE } from './marks.js';
import { readSymbol } from './symbol.js';
import { parseTime } from './times.js';

/** A tick has some 110 characters; what is longer is no usual tick. */
const LONGEST = 512;
const SCALAR = String.raw`(?:"[^"\\\x00-\x1f]*"|-?(?:0|[1-9]\d*)(?:\.\d+)?|true|false|null)`;
const OTHERS = String.raw`(?:"(?!symbol"|price"|timestamp")[a-z_]+": ?${SCALAR}, ?)*`;
/**
 * A whole flat object in the order all producers write: symbol, price, others, timestamp. A symbol of up to four
 * letters may be a word for "missing"; the price is above zero and within the limits of an input.
 */
const USUAL = new RegExp(
  String.raw`^\{"symbol": ?"([A-Za-z0-9][A-Za-z0-9_.\-/:]{4,39})", ?` +
    String.raw`"price": ?(?=[\d.]*[1-9])((?:0|[1-9]\d{0,23})(?:\.\d{1,18})?), ?` +
    String.raw`${OTHERS}"timestamp": ?(?:"([^"\\\x00-\x1f]*)"|((?:0|[1-9]\d*)(?:\.\d+)?))\}$`,
);
const SAYS_MARK_PRICE = new RegExp(`"source": ?"${MARK_PRICE_SOURCE}"`);

/**
 * Reads a usual `market.tick` without building an object: ticks come 100 000 a second and all but three of their
 * fields are thrown away. null for one in any other form, which is not refused by that but left to the full decoder;
 * what both read they read alike.
 */
export function scanTick(entry: readonly string[]): MarkObserved | null {
  let payload = '';
  let source = '';
  for (let index = 0; index + 1 < entry.length; index += 2) {
    const name = entry[index]!;
    if (name === 'payload') payload = entry[index + 1]!;
    else if (name === 'source') source = entry[index + 1]!;
    else if (!isEnvelope(name)) return null;
  }
  const match = payload.length <= LONGEST ? USUAL.exec(payload) : null;
  const at = match ? parseTime(match[3] ?? match[4]!) : null;
  const told = payload.indexOf('"source"');
  // A second `source` would make it a question of which one counts.
  if (!match || at === null || (told >= 0 && told !== payload.lastIndexOf('"source"'))) return null;
  const isMarkPrice = source === MARK_PRICE_SOURCE || (told >= 0 && SAYS_MARK_PRICE.test(payload));
  return {
    kind: 'mark',
    symbol: readSymbol(match[1]!),
    price: Decimal.parse(match[2]!),
    at,
    source: isMarkPrice ? 'mark_price' : 'market.tick',
  };
}

/** The names around a payload all differ in length, so that one comparison tells. */
function isEnvelope(name: string): boolean {
  switch (name.length) {
    case 8:
      return name === 'trace_id';
    case 9:
      return name === 'timestamp';
    case 10:
      return name === 'event_type';
    default:
      return name === 'correlation_id';
  }
}

import type { MarkObserved } from '../../../ledger/facts.js';
import { MICROS_PER_MS } from '../../../shared/periods.js';
import type { Json } from '../../../transport/wire/json.js';
import type { Body } from './reading.js';
import { listOf, momentIn, objectOf, positiveIn, textIn } from './reading.js';
import { symbolNameOf } from './symbol-name.js';

/**
 * Mark prices of `GET /fapi/v1/premiumIndex`, by our clock: `aheadMs` is how far the exchange's is ahead of it. A symbol that is not
 * traded has none and is left out, and so is one that can have no name with us: it must not cost the prices of all others. Throws Trouble
 * `bad_answer`.
 */
export function marksOfIndex(json: Json, aheadMs: number): MarkObserved[] {
  const rows = listOf(json, 'the mark prices').map((row) => objectOf(row, 'a mark price'));
  return rows.flatMap((row) => markOf(row, { symbol: 'symbol', price: 'markPrice', time: 'time' }, aheadMs));
}

/** The same of a `!markPrice@arr` message. */
export function marksOfStream(json: Json, aheadMs: number): MarkObserved[] {
  const rows = listOf(json, 'the mark prices').map((row) => objectOf(row, 'a mark price'));
  return rows.flatMap((row) => markOf(row, { symbol: 's', price: 'p', time: 'E' }, aheadMs));
}

type Names = Record<'symbol' | 'price' | 'time', string>;

function markOf(row: Body, names: Names, aheadMs: number): MarkObserved[] {
  const symbol = symbolNameOf(textIn(row, names.symbol));
  if (symbol === null) return [];
  const price = positiveIn(row, names.price);
  if (!price || row.get(names.time) === '0') return [];
  const at = (momentIn(row, names.time) - aheadMs) * MICROS_PER_MS;
  return [{ kind: 'mark', symbol, price, at, source: 'mark_price' }];
}

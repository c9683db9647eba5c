import { Refusal } from '../../ledger/facts.js';
import type { Ignored, MarkObserved, MarkSource } from '../../ledger/facts.js';
import type { Decimal } from '../../shared/decimal.js';
import type { WireMessage } from './envelope.js';
import { required } from './fields.js';
import { readSource, readTime } from './header.js';

type Names = readonly [string, ...string[]];

/** What the market publisher writes as source when a tick carries the venue's mark price. */
export const MARK_PRICE_SOURCE = 'mark_price_fallback';

/** A `market.tick`. Throws Refusal `symbol_missing`, `price_missing`, `price_invalid` and the like. */
export function readTick(message: WireMessage): MarkObserved {
  const symbol = required(message.body.symbol(), 'symbol');
  const price = aboveZero(required(message.body.decimal('price', 'last_price'), 'price'));
  const isMark =
    readSource(message) === MARK_PRICE_SOURCE || message.envelope?.text('source') === MARK_PRICE_SOURCE;
  const source = isMark ? 'mark_price' : 'market.tick';
  return { kind: 'mark', symbol, price, at: readTime(message).at, source };
}

/** A closed candle's last price, at the candle's end; a candle that still runs is ignored. */
export function readCandle(message: WireMessage): MarkObserved | Ignored {
  if (message.body.flag('is_closed') === false) return { kind: 'ignored', reason: 'open_candle' };
  const symbol = required(message.body.symbol(), 'symbol');
  const price = aboveZero(required(message.body.decimal('close'), 'close'), 'close');
  return { kind: 'mark', symbol, price, at: readTime(message, 'close_time').at, source: 'market.klines' };
}

/** A price from a stream that is not only about prices: what has none, or no symbol, is ignored. */
export function readForeignPrice(
  source: MarkSource,
  ...names: Names
): (message: WireMessage) => MarkObserved | Ignored {
  return (message) => {
    const price = message.body.price(...names);
    const symbol = message.body.symbol();
    if (price === null || symbol === null) return { kind: 'ignored', reason: 'not_a_price' };
    return { kind: 'mark', symbol, price: aboveZero(price), at: readTime(message).at, source };
  };
}

function aboveZero(price: Decimal, field = 'price'): Decimal {
  if (price.isPositive()) return price;
  throw new Refusal(`${field}_invalid`, `${field} is not above zero: ${price.toString()}`);
}

import type { FakeExchange } from './fake-exchange.js';

const HOUR_MS = 3_600_000;
const EVENTS = 40;
const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'] as const;
const PRICES = { BTCUSDT: 68_000, ETHUSDT: 3_400, SOLUSDT: 150 } as const;

/**
 * An hour of trading, in which the exchange's clock moves on by an hour: openings, closes, reversals, fills that cost nothing, funding and
 * transfers. Sizes are such that every average has an end, so that the exchange's rounding at eight decimals changes nothing.
 */
export async function tradeAnHour(exchange: FakeExchange, seed: string): Promise<void> {
  const random = numbersOf(seed);
  for (let n = 0; n < EVENTS; n += 1) {
    exchange.advance(HOUR_MS / EVENTS);
    tradeOnce(exchange, random);
    // The messages leave as they would: one after another, not all in one piece.
    if (n % 8 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** One thing that happens now: a fill, and now and then funding or a transfer. */
export function tradeOnce(exchange: FakeExchange, random: () => number): void {
  const symbol = SYMBOLS[Math.floor(random() * SYMBOLS.length)]!;
  const chance = random();
  if (chance < 0.1) return void exchange.funding(symbol, random() < 0.5 ? '-0.7316' : '0.2104');
  if (chance < 0.15) return void exchange.transfer(random() < 0.5 ? '-12.5' : '100');
  const price = String(PRICES[symbol] + Math.floor(random() * 64));
  const { quantity } = exchange.ledger.held(symbol);
  // What is held is one lot, so that its average is a price: it is closed, or turned over.
  const lots = quantity.isZero() ? 1 : random() < 0.4 ? 2 : 1;
  const reduces = quantity.isPositive() ? 'SELL' : 'BUY';
  const side = quantity.isZero() ? (random() < 0.5 ? 'BUY' : 'SELL') : reduces;
  const fee = random() < 0.2 ? '0' : '0.0311';
  exchange.fill({ symbol, side, qty: String(lots * 0.5), price, fee });
}

/** The same numbers for the same seed, between 0 and 1. */
function numbersOf(seed: string): () => number {
  let state = [...seed].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

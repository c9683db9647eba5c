import type { Redis } from 'ioredis';
import { Num } from '../../support/envelope.js';
import type { Random } from '../../support/generate-random.js';
import type { MarkFact } from '../../support/oracle-facts.js';
import { send } from '../../support/streams.js';

const PRICES = {
  BTCUSDT: [60_000, 70_000, 2],
  ETHUSDT: [1_900, 2_100, 13],
  SOLUSDT: [80, 95, 4],
  '1000PEPEUSDT': [0, 1, 17],
  ALICEUSDT: [1, 3, 10],
  XRPUSDT: [1, 2, 5],
} as const;

/** The newest price of every symbol of the days, each newer than any before. */
export async function newPrices(redis: Redis, random: Random, at = Date.now()): Promise<MarkFact[]> {
  const marks = Object.entries(PRICES).map(([symbol, [least, most, places]]): MarkFact => ({
    kind: 'mark',
    symbol,
    price: random.decimal(least, most, places),
    at,
  }));
  for (const { symbol, price } of marks)
    await send(redis, 'market.tick', 'V1', {
      symbol,
      price: new Num(price),
      timestamp: new Date(at).toISOString(),
    });
  return marks;
}

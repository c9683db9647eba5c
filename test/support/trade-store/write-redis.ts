import type { Redis } from 'ioredis';
import { COLUMNS } from './layout.js';
import type { StoredTrade } from './layout.js';

/** The hashes of a store: every value a text, None as the empty one, floats as Python writes them. */
export async function writeRedis(redis: Redis, trades: Iterable<StoredTrade>): Promise<void> {
  for (const trade of trades) {
    const values = COLUMNS.flatMap((column) => [column, textOf(trade[column])]);
    await redis.hset(`trade:${trade.trade_id}`, ...values);
  }
}

function textOf(value: string | number | null): string {
  if (value === null) return '';
  return typeof value === 'number' && Number.isInteger(value) ? `${value}.0` : String(value);
}

/** Keys of others that share the prefix. */
export async function writeForeignKeys(redis: Redis): Promise<void> {
  await redis.set('trade:counter', '17');
  await redis.rpush('trade:queue', 'a', 'b');
  await redis.hset('trade:stats', 'wins', '3', 'losses', '1');
  await redis.sadd('trades:open', 'held');
}

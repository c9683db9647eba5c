import { Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';
import { messageOf } from '../../shared/errors.js';
import type { Found, TradeSource } from './source.js';
import { SourceError } from './source.js';
import { isMissing } from './store-number.js';

const PREFIX = 'trade:';
const PATTERN = `${PREFIX}*`;
const CONNECT_MS = 5_000;
const COMMAND_MS = 30_000;
/** What every trade of the store has; other hashes share the prefix. */
const ALWAYS = ['symbol', 'status'];
/** A trade has some thirty fields; what has many more is none. */
const MOST_FIELDS = 256;
const NO_HASH = Symbol('not a hash');

/**
 * Opens the Redis of a trade store: hashes `trade:<trade_id>`, found by SCAN, which holds nobody up, and read in pipelines. Each hash is
 * read whole; of what changes meanwhile, some is seen and some not, as SCAN has it. Only reading commands are sent. Throws SourceError.
 */
export async function openRedis(url: string, options: RedisOptions): Promise<TradeSource> {
  const name = withoutCredentials(url);
  const redis = new Redis({
    ...options,
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    commandTimeout: COMMAND_MS,
    maxRetriesPerRequest: 2,
    // Three tries and it is away: whoever asked says so, and the import can simply be started again.
    retryStrategy: (attempt) => (attempt > 3 ? null : attempt * 200),
    enableReadyCheck: true,
  });
  let reason = 'does not answer';
  redis.on('error', (error: Error) => (reason = error.message));
  try {
    await redis.connect();
    // Every key of the database, not only trades: an upper bound is enough for a bar.
    const expected = await redis.dbsize();
    return {
      name,
      origin: 'trade_store:redis',
      expected,
      batches: (size) => batches(redis, size),
      close: () => Promise.resolve(redis.disconnect()),
    };
  } catch (error) {
    redis.disconnect();
    throw new SourceError(
      `${name} cannot be read: ${reason === 'does not answer' ? messageOf(error) : reason}`,
    );
  }
}

function withoutCredentials(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}

/** SCAN may give a key twice; that is one repeat more, which counts as such. */
async function* batches(redis: Redis, size: number): AsyncGenerator<readonly Found[]> {
  let cursor = '0';
  let keys: string[] = [];
  try {
    do {
      const [next, found] = await redis.scan(cursor, 'MATCH', PATTERN, 'COUNT', size);
      cursor = next;
      keys.push(...found);
      while (keys.length >= size) {
        yield await read(redis, keys.slice(0, size));
        keys = keys.slice(size);
      }
    } while (cursor !== '0');
    if (keys.length > 0) yield await read(redis, keys);
  } catch (error) {
    throw error instanceof SourceError ? error : new SourceError(`reading stopped: ${messageOf(error)}`);
  }
}

/** How large each is comes first: a hash of somebody else may have millions of fields. */
async function read(redis: Redis, keys: readonly string[]): Promise<Found[]> {
  const unique = [...new Set(keys)];
  const sizes = await ask(redis, 'hlen', unique);
  const small = unique.filter((key) => {
    const size = sizes.get(key);
    return typeof size === 'number' && size <= MOST_FIELDS;
  });
  const hashes = await ask(redis, 'hgetall', small);
  return unique.map((key) => {
    const answer = hashes.get(key) ?? sizes.get(key);
    if (answer === NO_HASH) return { key, foreign: 'not_a_hash' };
    if (typeof answer === 'number') return { key, foreign: 'not_a_trade' };
    return foundOf(key, answer as Readonly<Record<string, string>>);
  });
}

/** One command for each key, in one round trip; NO_HASH for what is of another type. Throws SourceError. */
async function ask(redis: Redis, command: string, keys: readonly string[]): Promise<Map<string, unknown>> {
  const answers = await redis.pipeline(keys.map((key) => [command, key])).exec();
  return new Map(
    keys.map((key, i) => {
      const [error, answer] = answers?.[i] ?? [new Error('no answer'), null];
      if (error?.message.startsWith('WRONGTYPE')) return [key, NO_HASH];
      if (error) throw new SourceError(`reading stopped: ${error.message}`);
      return [key, answer];
    }),
  );
}

function foundOf(key: string, hash: Readonly<Record<string, string>>): Found {
  const names = Object.keys(hash);
  if (names.length === 0) return { key, foreign: 'gone' };
  if (!ALWAYS.every((name) => name in hash)) return { key, foreign: 'not_a_trade' };
  const values = new Map(Object.entries(hash).filter(([, value]) => value !== ''));
  // The key is the name under which the owner finds the trade; the field repeats it.
  if (isMissing(values.get('trade_id') ?? '')) values.set('trade_id', key.slice(PREFIX.length));
  return { key, values };
}

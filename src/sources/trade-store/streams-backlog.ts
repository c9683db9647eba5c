import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';

const STREAMS = ['trade.opened', 'trade.closed'];
const GROUP = 'quantum:group:portfolio_intelligence';
const LONGEST_WAIT_MS = 120_000;
const LOOK_EVERY_MS = 500;

/** How much of the trades on the streams was not taken yet; null = Redis does not answer. */
export async function streamsBacklog(redis: Redis): Promise<number | null> {
  try {
    let left = 0;
    for (const stream of STREAMS) left += await leftOf(redis, stream);
    return left;
  } catch {
    // Whoever asks goes on without an answer: Redis may be away for as long as it likes.
    return null;
  }
}

/** Waits until the trades on the streams are taken, for at most two minutes, or until it is told to stop. */
export async function waitForStreams(url: string, signal: AbortSignal): Promise<void> {
  const redis = connection(url);
  const since = Date.now();
  try {
    while (!signal.aborted && Date.now() - since < LONGEST_WAIT_MS) {
      if ((await streamsBacklog(redis)) === 0) return;
      await pause(LOOK_EVERY_MS);
    }
  } finally {
    redis.disconnect();
  }
}

/** A connection that fails quickly and quietly. */
export function connection(url: string): Redis {
  const redis = new Redis(url, { connectTimeout: 2_000, commandTimeout: 2_000, maxRetriesPerRequest: 1 });
  redis.on('error', () => undefined); // A command that cannot be answered rejects by itself.
  return redis;
}

/** Entries behind the group's place, and those that it was given and did not acknowledge; a stream without the group waits as a whole. */
async function leftOf(redis: Redis, eventType: string): Promise<number> {
  const stream = `quantum:stream:${eventType}`;
  const length = await redis.xlen(stream);
  if (length === 0) return 0;
  const groups = (await redis.xinfo('GROUPS', stream)) as (string | number | null)[][];
  const group = groups.map(asRecord).find(({ name }) => name === `${GROUP}:${eventType}`);
  if (!group) return length;
  // Redis does not know the lag of a stream that lost entries in the middle: then what is pending has to do.
  return Number(group['lag'] ?? 0) + Number(group['pending'] ?? 0);
}

function asRecord(pairs: readonly (string | number | null)[]): Record<string, string | number | null> {
  const record: Record<string, string | number | null> = {};
  for (let i = 0; i + 1 < pairs.length; i += 2) record[String(pairs[i])] = pairs[i + 1]!;
  return record;
}

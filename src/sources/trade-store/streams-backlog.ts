import type { Redis } from 'ioredis';
import { isTransient } from '../../shared/errors.js';
import { compareEntryIds, groupOf, isWrongType, streamOf } from '../../transport/redis.js';

const STREAMS = ['trade.opened', 'trade.closed'];
const NOTHING = '0-0';

type Fields = Readonly<Record<string, string | number | null>>;

/** How much of the trades on the streams was not taken yet. Throws when Redis does not answer (a passing error), or refuses to tell. */
export async function streamsBacklog(redis: Redis): Promise<number> {
  let left = 0;
  for (const type of STREAMS) left += await leftOf(redis, type);
  return left;
}

/** Whether all that was on the streams of trades at a moment is taken. What comes after it is not waited for: there is always more. */
export class StreamsWait {
  /** The newest entry of each stream when Redis first answered. */
  private readonly marks = new Map<string, string>();

  constructor(private readonly redis: Redis) {}

  /** How much is left of it; 0 = nothing. null = Redis does not answer, so nobody knows. Throws what will not pass by itself. */
  async left(): Promise<number | null> {
    try {
      for (const type of STREAMS)
        if (!this.marks.has(type)) this.marks.set(type, await newestOf(this.redis, type));
      let left = 0;
      for (const [type, mark] of this.marks)
        if (!(await isTaken(this.redis, type, mark))) left += Math.max(1, await leftOf(this.redis, type));
      return left;
    } catch (error) {
      if (isTransient(error)) return null;
      throw error;
    }
  }
}

/** Whether the group was given everything up to an entry, and acknowledged it. A stream that came back without it has nothing left of it. */
async function isTaken(redis: Redis, type: string, mark: string): Promise<boolean> {
  if (mark === NOTHING || compareEntryIds(await newestOf(redis, type), mark) < 0) return true;
  const delivered = (await ourGroup(redis, type))?.['last-delivered-id'];
  if (delivered === undefined || compareEntryIds(String(delivered), mark) < 0) return false;
  const [, oldest] = (await redis.xpending(streamOf(type), groupOf(type))) as [number, string | null];
  return oldest === null || compareEntryIds(oldest, mark) > 0;
}

async function newestOf(redis: Redis, type: string): Promise<string> {
  if ((await lengthOf(redis, type)) === 0) return NOTHING;
  const stream = asRecord((await redis.xinfo('STREAM', streamOf(type))) as (string | number | null)[]);
  return String(stream['last-generated-id']);
}

/** Entries behind the group's place, and those that it was given and did not acknowledge; a stream without the group waits as a whole. */
async function leftOf(redis: Redis, type: string): Promise<number> {
  const length = await lengthOf(redis, type);
  if (length === 0) return 0;
  const group = await ourGroup(redis, type);
  if (!group) return length;
  // Redis does not know the lag of a stream that lost entries in the middle: then what is pending has to do.
  return Number(group['lag'] ?? 0) + Number(group['pending'] ?? 0);
}

/** A key that is no stream is somebody's mistake, which readers say for as long as it stands. It holds no trades: nothing is waited for. */
async function lengthOf(redis: Redis, type: string): Promise<number> {
  try {
    return await redis.xlen(streamOf(type));
  } catch (error) {
    if (isWrongType(error)) return 0;
    throw error;
  }
}

async function ourGroup(redis: Redis, type: string): Promise<Fields | undefined> {
  const groups = (await redis.xinfo('GROUPS', streamOf(type))) as (string | number | null)[][];
  return groups.map(asRecord).find(({ name }) => name === groupOf(type));
}

function asRecord(pairs: readonly (string | number | null)[]): Fields {
  const record: Record<string, string | number | null> = {};
  for (let i = 0; i + 1 < pairs.length; i += 2) record[String(pairs[i])] = pairs[i + 1]!;
  return record;
}

import type { OnApplicationShutdown } from '@nestjs/common';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';
import type { Config } from '../config.js';
import { CONFIG } from '../config.js';
import { messageOf } from '../shared/errors.js';
import { redisOptions } from './redis-options.js';

/** A frozen server answers nothing and refuses nothing: give a command up after this long. */
const COMMAND_TIMEOUT_MS = 5_000;
const CLOSE_TIMEOUT_MS = 1_000;

/** What a connection is for. Blocking reads, commands and pub/sub never share one. */
export type RedisRole = 'commands' | 'facts' | 'levels';

const OPTIONS: Record<RedisRole, RedisOptions> = {
  commands: { commandTimeout: COMMAND_TIMEOUT_MS, maxRetriesPerRequest: 1 },
  facts: { commandTimeout: COMMAND_TIMEOUT_MS, maxRetriesPerRequest: 0 },
  levels: { commandTimeout: COMMAND_TIMEOUT_MS, maxRetriesPerRequest: 0 },
};

/** The Redis connections of the process; each reconnects for ever by itself. */
@Injectable()
export class RedisConnections implements OnApplicationShutdown {
  private readonly logger = new Logger('Redis');
  private readonly open: Redis[] = [];
  private shared: Redis | null = null;

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** The connection for commands that every part of the process may use. */
  get commands(): Redis {
    this.shared ??= this.connect('commands');
    return this.shared;
  }

  connect(role: RedisRole): Redis {
    const redis = new Redis({
      ...redisOptions(this.config),
      ...OPTIONS[role],
      connectTimeout: COMMAND_TIMEOUT_MS,
      // A connection whose other end is gone without a word would be written to for a quarter of an hour.
      socketTimeout: COMMAND_TIMEOUT_MS,
      lazyConnect: true,
      connectionName: `portfolio_intelligence:${role}`,
      retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 6), 2_000),
    });
    let away = false;
    redis.on('error', (error) => {
      if (!away) this.logger.warn(`${role} connection: ${messageOf(error)}`);
      away = true;
    });
    redis.on('ready', () => {
      if (away) this.logger.log(`${role} connection is back`);
      away = false;
    });
    this.open.push(redis);
    return redis;
  }

  /** QUIT to a frozen server hangs: say goodbye for a moment, then cut. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.open.map(closeSoon));
  }
}

async function closeSoon(redis: Redis): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise((resolve) => (timer = setTimeout(resolve, CLOSE_TIMEOUT_MS)));
  // A connection that is not there cannot say goodbye; it is cut below either way.
  await Promise.race([redis.quit().catch(() => undefined), patience]);
  clearTimeout(timer);
  if (redis.status !== 'end') redis.disconnect();
}

const PREFIX = 'quantum:stream:';

export const streamOf = (eventType: string) => `${PREFIX}${eventType}`;
export const eventTypeOf = (stream: string) => stream.slice(PREFIX.length);
export const groupOf = (eventType: string) => `quantum:group:portfolio_intelligence:${eventType}`;
export const deadLettersOf = (eventType: string) => `quantum:dlq:${eventType}`;

/** Whether a key is something else than the stream it should be: somebody's mistake, which stays until somebody mends it. */
export const isWrongType = (error: unknown) => messageOf(error).startsWith('WRONGTYPE');

/** One entry as XREADGROUP and XRANGE give it: its id and its flat list of fields; null = it was deleted meanwhile. */
export type StreamEntry = [id: string, fields: string[] | null];

/** Compares two entry ids (`milliseconds-sequence`) by number. */
export function compareEntryIds(a: string, b: string): number {
  // Digits of one length sort as text as they do as numbers, and nearly all ids are of one length.
  if (a.length === b.length && a.indexOf('-') === b.indexOf('-')) return a < b ? -1 : a > b ? 1 : 0;
  const [aMs, aSeq = '0'] = a.split('-') as [string, string?];
  const [bMs, bSeq = '0'] = b.split('-') as [string, string?];
  const [left, right] = aMs === bMs ? [BigInt(aSeq), BigInt(bSeq)] : [BigInt(aMs), BigInt(bMs)];
  return left < right ? -1 : left > right ? 1 : 0;
}

import { Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';
import type { Config } from '../../config.js';
import { redisOptions } from '../../transport/redis-options.js';

/** A connection to our own Redis that fails quickly and quietly. */
export function ownRedis(config: Config): Redis {
  const patience = { connectTimeout: 2_000, commandTimeout: 2_000, maxRetriesPerRequest: 1 };
  const redis = new Redis({ ...redisOptions(config), ...patience });
  redis.on('error', () => undefined); // A command that cannot be answered rejects by itself.
  return redis;
}

/**
 * Where the Redis of a trade store is and who we are there. When it is the one of the settings (the same host and port), their user,
 * password, certificates and Sentinels count wherever the URL tells none; another server is told no secret of ours.
 */
export function storeOptions(url: string, config: Config): RedisOptions {
  const store = new URL(url);
  const own = new URL(config.REDIS_URL);
  const bare = { ...config, REDIS_URL: url, REDIS_SENTINELS: [] };
  if (store.hostname !== own.hostname || (store.port || '6379') !== (own.port || '6379'))
    return redisOptions({ ...bare, ...NO_SECRETS });
  const isNamed = store.password !== '' || store.username !== '';
  if (isNamed) return redisOptions({ ...config, ...NO_NAME, REDIS_URL: url });
  const place = new URL(url);
  place.username = own.username;
  place.password = own.password;
  return redisOptions({ ...config, REDIS_URL: place.href });
}

const NO_NAME = { REDIS_USERNAME: undefined, REDIS_PASSWORD: undefined };
/** An authority that vouches for our servers says nothing of others, and our key is no key of theirs. */
const NO_SECRETS = {
  ...NO_NAME,
  REDIS_CA_FILE: undefined,
  REDIS_CERT_FILE: undefined,
  REDIS_KEY_FILE: undefined,
};

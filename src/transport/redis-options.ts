import { readFileSync } from 'node:fs';
import type { RedisOptions } from 'ioredis';
import type { Config } from '../config.js';

type RedisSettings = Pick<
  Config,
  | 'REDIS_URL'
  | 'REDIS_USERNAME'
  | 'REDIS_PASSWORD'
  | 'REDIS_CA_FILE'
  | 'REDIS_CERT_FILE'
  | 'REDIS_KEY_FILE'
  | 'REDIS_SENTINELS'
  | 'REDIS_SENTINEL_NAME'
  | 'REDIS_SENTINEL_USERNAME'
  | 'REDIS_SENTINEL_PASSWORD'
>;

/** Where Redis is and who we are there: for our own connections and for Nest's stock transport alike. How often to try is theirs to say. */
export function redisOptions(config: RedisSettings): Omit<RedisOptions, 'retryStrategy'> {
  const { hostname, port, username, password, pathname, protocol } = new URL(config.REDIS_URL);
  const user = config.REDIS_USERNAME ?? decodeURIComponent(username);
  const secret = config.REDIS_PASSWORD ?? decodeURIComponent(password);
  const tls = protocol === 'rediss:' ? tlsOptions(config) : null;
  return {
    ...(user && { username: user }),
    ...(secret && { password: secret }),
    ...(pathname.length > 1 && { db: Number(pathname.slice(1)) }),
    ...(tls && { tls }),
    ...(config.REDIS_SENTINELS.length > 0
      ? sentinelOptions(config, tls)
      : { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) }),
  };
}

/** The server's certificate is always checked: against a CA of one's own, else against those that everybody knows. */
function tlsOptions({
  REDIS_CA_FILE,
  REDIS_CERT_FILE,
  REDIS_KEY_FILE,
}: RedisSettings): NonNullable<RedisOptions['tls']> {
  return {
    ...(REDIS_CA_FILE && { ca: readFileSync(REDIS_CA_FILE) }),
    ...(REDIS_CERT_FILE && { cert: readFileSync(REDIS_CERT_FILE) }),
    ...(REDIS_KEY_FILE && { key: readFileSync(REDIS_KEY_FILE) }),
  };
}

/** Sentinels tell who the master is, now and after each failover; host and port of the URL do not count then. */
function sentinelOptions(config: RedisSettings, tls: RedisOptions['tls'] | null): RedisOptions {
  const { REDIS_SENTINEL_USERNAME: username, REDIS_SENTINEL_PASSWORD: password } = config;
  return {
    sentinels: config.REDIS_SENTINELS.map((address) => {
      const [host = '', port] = address.split(':');
      return { host, port: Number(port) };
    }),
    name: config.REDIS_SENTINEL_NAME,
    ...(username && { sentinelUsername: username }),
    ...(password && { sentinelPassword: password }),
    ...(tls && { sentinelTLS: tls, enableTLSForSentinelMode: true }),
  };
}

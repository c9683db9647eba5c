import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { configuredRedisUrl, setting } from './settings.mjs';

const NAMES = [
  'REDIS_USERNAME',
  'REDIS_PASSWORD',
  'REDIS_CA_FILE',
  'REDIS_CERT_FILE',
  'REDIS_KEY_FILE',
  'REDIS_SENTINEL_NAME',
  'REDIS_SENTINEL_USERNAME',
  'REDIS_SENTINEL_PASSWORD',
];

/** Settings of Redis as ioredis takes them, by the service's own reading of them. */
export async function optionsOf(settings) {
  await ensureInstalled();
  await ensureBuilt();
  const { redisOptions } = await import('../../dist/modules/transport/redis-options.js');
  return redisOptions(settings);
}

/** The Redis that the settings name: what to call it, and how to reach it; undefined when they name none. */
export async function redisSettings() {
  const sentinels = (setting('REDIS_SENTINELS') ?? '').split(',').filter((address) => address.trim() !== '');
  const url = configuredRedisUrl() ?? (sentinels.length > 0 ? 'redis://127.0.0.1:6379' : undefined);
  if (!url) return undefined;
  const settings = Object.fromEntries(NAMES.map((name) => [name, setting(name)]));
  settings.REDIS_SENTINEL_NAME ??= 'mymaster';
  const options = await optionsOf({
    ...settings,
    REDIS_URL: url,
    REDIS_SENTINELS: sentinels.map((address) => address.trim()),
  });
  return { name: sentinels.length > 0 ? sentinels.join(', ') : new URL(url).host, options };
}

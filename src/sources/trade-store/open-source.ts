import type { Config } from '../../config.js';
import { openRedis } from './redis-source.js';
import type { TradeSource } from './source.js';
import { openSqlite } from './sqlite-source.js';
import { storeOptions } from './store-redis.js';

/** Which trade store: a SQLite file or a Redis. */
export type StoreAddress =
  { readonly type: 'sqlite'; readonly path: string } | { readonly type: 'redis'; readonly url: string };

/** Opens a trade store for reading. Throws SourceError. */
export function openSource(address: StoreAddress, config: Config): Promise<TradeSource> {
  return address.type === 'sqlite'
    ? openSqlite(address.path)
    : openRedis(address.url, storeOptions(address.url, config));
}

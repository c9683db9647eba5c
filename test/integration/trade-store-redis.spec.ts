import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config.js';
import { openRedis } from '../../src/sources/trade-store/redis-source.js';
import type { Found } from '../../src/sources/trade-store/source.js';
import { storeOptions } from '../../src/sources/trade-store/store-redis.js';
import { startRedis, type TestRedis } from '../support/redis.js';

const settings = (env: Record<string, string>) =>
  readConfig({ databaseOnly: true }, { PORTFOLIO_DATABASE_URL: 'postgres://127.0.0.1/none', ...env });

async function readAll(url: string, env: Record<string, string>): Promise<Found[]> {
  const source = await openRedis(url, storeOptions(url, settings(env)));
  const found: Found[] = [];
  try {
    for await (const batch of source.batches(10)) found.push(...batch);
  } finally {
    await source.close();
  }
  return found.sort((a, b) => (a.key < b.key ? -1 : 1));
}

const TRADE = { symbol: 'BTCUSDT', status: 'OPEN', model: '' };

describe('a store in a Redis', () => {
  let redis: TestRedis;

  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(() => redis.stop());

  test('is known by its keys where a hash tells no id, and left alone where a hash is wide', async () => {
    const client = redis.client();
    await client.hset('trade:T1', { ...TRADE, trade_id: 'None' });
    await client.hset('trade:T2', TRADE);
    const wide = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`field-${i}`, 'x']));
    await client.hset('trade:wide', { ...wide, ...TRADE });
    await client.set('trade:text', 'x');
    const found = await readAll(redis.url, { PORTFOLIO_REDIS_URL: redis.url });
    expect(found.map((one) => ('foreign' in one ? one.foreign : one.values.get('trade_id')))).toEqual([
      'T1',
      'T2',
      'not_a_hash',
      'not_a_trade',
    ]);
  });

  describe('behind a password', () => {
    let folder: string;
    let file: string;

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'portfolio-secret-'));
      file = join(folder, 'password');
      await writeFile(file, 'hidden-word\n');
      const client = redis.client();
      await client.hset('trade:T1', TRADE);
      await client.config('SET', 'requirepass', 'hidden-word');
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    test('that is our own is read with the password of the settings', async () => {
      const env = { PORTFOLIO_REDIS_URL: redis.url, PORTFOLIO_REDIS_PASSWORD_FILE: file };
      expect(await readAll(redis.url, env)).toHaveLength(1);
      expect(
        await readAll(redis.url, { REDIS_URL: redis.url.replace('//', '//:hidden-word@') }),
      ).toHaveLength(1);
    });

    test('with a name of its own in the URL is read by that', async () => {
      const url = redis.url.replace('//', '//:hidden-word@');
      const env = { PORTFOLIO_REDIS_URL: redis.url, PORTFOLIO_REDIS_PASSWORD: 'another' };
      expect(await readAll(url, env)).toHaveLength(1);
    });

    test('that is not our own is told no password of ours', async () => {
      const env = { PORTFOLIO_REDIS_URL: 'redis://127.0.0.1:1', PORTFOLIO_REDIS_PASSWORD_FILE: file };
      await expect(readAll(redis.url, env)).rejects.toThrow(/cannot be read.*NOAUTH/);
    });
  });

  test('is asked for by the Sentinels of the settings when it is our own', () => {
    const env = { PORTFOLIO_REDIS_URL: 'rediss://main:6379', PORTFOLIO_REDIS_SENTINELS: 'one:26379' };
    expect(storeOptions('rediss://main:6379/3', settings(env))).toMatchObject({
      sentinels: [{ host: 'one', port: 26_379 }],
      db: 3,
    });
    expect(storeOptions('redis://other:6379/3', settings(env))).toMatchObject({ host: 'other', db: 3 });
  });
});

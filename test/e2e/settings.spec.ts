import { createDatabase, type TestDatabase } from '../support/postgres.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { runToEnd, startService } from '../support/service.js';

describe('settings', () => {
  let database: TestDatabase;
  let redis: TestRedis;

  beforeAll(async () => {
    [database, redis] = [await createDatabase(), await startRedis()];
  });
  afterAll(async () => {
    await redis.stop();
    await database.drop();
  });

  const complete = (): Record<string, string> => ({
    PORTFOLIO_DATABASE_URL: database.url,
    PORTFOLIO_REDIS_URL: redis.url,
    PORTFOLIO_HOST: '127.0.0.1',
  });

  test.each<[setting: string, value: string | undefined]>([
    ['DATABASE_URL', undefined],
    ['DATABASE_URL', 'not a url'],
    ['DATABASE_URL', 'mysql://localhost/portfolio'],
    ['REDIS_URL', undefined],
    ['REDIS_URL', 'http://localhost:6379'],
    ['PORT', 'eight thousand'],
    ['PORT', '70000'],
    ['TIMEZONE', 'Mars/Olympus'],
    ['LOG_LEVEL', 'chatty'],
    ['RECONCILE', 'guesses'],
    ['HEARTBEAT_SEC', '-1'],
    ['PUBLISH_INTERVAL_MS', 'soon'],
    ['STALE_MARK_SEC', 'NaN'],
    ['INITIAL_CASH', '1e400'],
    ['MAX_TOTAL_EXPOSURE_USD', 'plenty'],
    ['MAX_POSITION_PER_SYMBOL_USD', '-1'],
    ['MAX_POSITIONS', '2.5'],
    ['RISK_SAFETY_SERVICE_URL', 'ftp://risk'],
    ['RISK_SAFETY_SERVICE_URL', 'http://user:word@risk:8003'],
    ['POLICY_REFRESH_SEC', '0'],
    ['SECTORS_FILE', '/nowhere/sectors.json'],
  ])('%s = %p stops it at once, by name and with the reason', async (setting, value) => {
    const exit = await runToEnd({ ...complete(), [`PORTFOLIO_${setting}`]: value });
    expect(exit.signal).toBeNull();
    expect(exit.code).toBeGreaterThan(0);
    const line = exit.logs.split('\n').find((text) => text.includes(setting));
    expect(line).toBeDefined();
    expect(line!.replace(setting, '').trim().length).toBeGreaterThan(15);
    expect(exit.logs).not.toMatch(/^\s+at .*node_modules/m);
  });

  test('a password in a setting does not reach the log', async () => {
    const exit = await runToEnd({
      ...complete(),
      PORTFOLIO_DATABASE_URL: 'mysql://user:s3cret-word@localhost/x',
    });
    expect(exit.logs).not.toContain('s3cret-word');
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('%s drains and ends with exit code 0', async (signal) => {
    const service = await startService({ databaseUrl: database.url, redisUrl: redis.url });
    await service.stop(signal);
  });

  test('bare names work where deployments use them', async () => {
    const bare = { DATABASE_URL: database.url, REDIS_HOST: '127.0.0.1', REDIS_PORT: String(redis.port) };
    const env = { ...bare, PORTFOLIO_DATABASE_URL: undefined, PORTFOLIO_REDIS_URL: undefined };
    const service = await startService({ databaseUrl: '', redisUrl: '', env });
    expect((await service.get('/health/live')).status).toBe(200);
    await service.stop();
  });

  test('the starting money of the configuration is a deposit', async () => {
    const own = await createDatabase();
    const env = { PORTFOLIO_INITIAL_CASH: '1234.56' };
    const service = await startService({ databaseUrl: own.url, redisUrl: redis.url, env });
    const snapshot = (await service.get('/api/portfolio/snapshot?numbers=string')).json();
    expect(snapshot).toMatchObject({ cash_balance: '1234.56', total_equity: '1234.56' });
    await service.stop();
    const again = await startService({ databaseUrl: own.url, redisUrl: redis.url, env });
    expect((await again.get('/api/portfolio/snapshot?numbers=string')).json()).toMatchObject({
      cash_balance: '1234.56',
    });
    await again.stop();
    await own.drop();
  });
});

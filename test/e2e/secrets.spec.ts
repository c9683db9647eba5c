import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import type { Redis } from 'ioredis';
import { eventually } from '../support/eventually.js';
import { addTestKey } from '../support/keys.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { runToEnd, startService, type TestService } from '../support/service.js';

/** Words that nothing else says: wherever one of them shows, a secret does. */
const DATABASE_SECRET = 'sentinel-database-7f3a';
const REDIS_SECRET = 'sentinel-redis-91bc';
const SENTINELS = [DATABASE_SECRET, REDIS_SECRET, 'sentinel-query-55aa', 'sentinel-token-c0de'];

describe('secrets', () => {
  let database: TestDatabase;
  let redis: TestRedis;
  let folder: string;
  let admin: Redis;
  let started: TestService | undefined;
  const user = `u_${randomBytes(6).toString('hex')}`;

  beforeAll(async () => {
    database = await createDatabase();
    redis = await startRedis();
    // A connection that was there before the password needs none.
    admin = redis.client();
    await admin.config('SET', 'requirepass', REDIS_SECRET);
    folder = await mkdtemp(join(tmpdir(), 'portfolio-secrets-'));
    const url = new URL(database.url);
    await database.query(`CREATE ROLE ${user} LOGIN SUPERUSER PASSWORD '${DATABASE_SECRET}'`);
    [url.username, url.password] = [user, DATABASE_SECRET];
    writeFileSync(join(folder, 'database'), `${url.href}\n`);
    writeFileSync(join(folder, 'redis'), `${REDIS_SECRET}\n`);
  });
  afterAll(async () => {
    await started?.kill9();
    await redis.stop();
    await database.query(`REASSIGN OWNED BY ${user} TO CURRENT_USER`);
    await database.query(`DROP OWNED BY ${user}`);
    await database.query(`DROP ROLE ${user}`);
    await database.drop();
    await rm(folder, { recursive: true });
  });

  const fromFiles = () => ({
    PORTFOLIO_DATABASE_URL: undefined,
    PORTFOLIO_DATABASE_URL_FILE: join(folder, 'database'),
    REDIS_PASSWORD_FILE: join(folder, 'redis'),
  });

  test('are read from files, and show in no log, no answer and no metric, whatever fails', async () => {
    const service = await startService({
      databaseUrl: '',
      redisUrl: `redis://127.0.0.1:${redis.port}`,
      env: { ...fromFiles(), PORTFOLIO_LOG_LEVEL: 'trace', PORTFOLIO_KEY_REFRESH_MS: '100' },
    });
    started = service;
    const key = await addTestKey(database);
    const told: string[] = [];
    const ask = async (path: string, headers: Record<string, string> = {}) => {
      const answer = await service.get(path, headers);
      told.push(answer.text, JSON.stringify(answer.headers));
      return answer.status;
    };
    const askEverything = async () => {
      for (const path of [
        '/',
        '/health',
        '/health/ready',
        '/health/live',
        '/api/portfolio/health',
        '/metrics',
        '/snapshot',
        '/trades',
      ])
        await ask(path, { authorization: `Bearer ${key.key}` });
      await ask('/snapshot?api_key=sentinel-query-55aa');
      await ask('/nothing/sentinel-path?token=sentinel-query-55aa');
      await ask('/snapshot', { authorization: 'Bearer sentinel-token-c0de' });
      await ask('/snapshot', { 'x-api-key': 'sentinel-token-c0de', cookie: 'session=sentinel-token-c0de' });
    };
    await eventually(async () => expect(await ask('/pnl', key.headers)).toBe(200));
    await askEverything();
    const socket = connect(service.port, '127.0.0.1');
    socket.write('NONSENSE Authorization: sentinel-token-c0de\r\n\r\n');
    socket.on('data', (chunk: Buffer) => told.push(chunk.toString()));
    await once(socket, 'close');
    await admin.config('SET', 'requirepass', 'another');
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await database.query(`ALTER ROLE ${user} PASSWORD 'another'`);
    await database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${user}'`);
    await eventually(
      async () => {
        expect(await ask('/health/ready')).toBe(503);
        expect(service.logs()).toMatch(/WRONGPASS|password authentication failed/);
      },
      { timeoutMs: 20_000 },
    );
    await askEverything();
    const [shown, logs] = [told.join('\n').replaceAll('/nothing/sentinel-path', ''), service.logs()];
    for (const secret of [...SENTINELS, key.key.slice(4)])
      expect([shown.includes(secret), logs.includes(secret)]).toEqual([false, false]);
  }, 90_000);

  test('are not told by a setting that is refused', async () => {
    const twice = await runToEnd({
      ...fromFiles(),
      PORTFOLIO_DATABASE_URL: `postgres://x:${DATABASE_SECRET}@127.0.0.1/x`,
    });
    expect(twice).toMatchObject({ code: 1, logs: expect.stringContaining('PORTFOLIO_DATABASE_URL_FILE') });
    const gone = await runToEnd({ ...fromFiles(), PORTFOLIO_DATABASE_URL_FILE: join(folder, 'gone') });
    expect(gone).toMatchObject({ code: 1, logs: expect.stringContaining('ENOENT') });
    writeFileSync(join(folder, 'wrong'), `mysql://x:${DATABASE_SECRET}@h/x`);
    const wrong = await runToEnd({ ...fromFiles(), PORTFOLIO_DATABASE_URL_FILE: join(folder, 'wrong') });
    expect(wrong.code).toBe(1);
    for (const { logs } of [twice, gone, wrong]) expect(logs).not.toContain(DATABASE_SECRET);
  });
});

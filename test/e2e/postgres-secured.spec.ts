import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { type Certificates, makeCertificates } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { runToEnd, startService } from '../support/service.js';
import { send } from '../support/streams.js';
import { startTlsFront, type TlsFront } from '../support/tls-front.js';

const deposit = (id: string) => ({
  ...{ event_id: id, type: 'DEPOSIT', amount: '10', timestamp: '2026-02-15T00:00:00Z' },
});
const opened = { trade_id: 't', symbol: 'BTCUSDT', side: 'buy', entry_price: '100', quantity: '2' };
const closed = { trade_id: 't', symbol: 'BTCUSDT', side: 'LONG', exit_price: '110', quantity: '1' };

/** A user that may log in, put into a role; gone with the test. */
async function makeUser(database: TestDatabase, role: string | null) {
  const name = `u_${randomBytes(6).toString('hex')}`;
  await database.query(`CREATE ROLE ${name} LOGIN PASSWORD 'secret' ${role ? `IN ROLE ${role}` : ''}`);
  const url = new URL(database.url);
  [url.username, url.password] = [name, 'secret'];
  return { name, url: url.href };
}

async function asUser(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the roles of the database', () => {
  let database: TestDatabase;
  let redis: TestRedis;
  const users: string[] = [];
  const userIn = async (role: string) => {
    const { name, url } = await makeUser(database, role);
    users.push(name);
    return url;
  };

  beforeAll(async () => {
    [database, redis] = [await createDatabase(), await startRedis()];
    expect(await runToEnd({ PORTFOLIO_DATABASE_URL: database.url }, 'dist/migrate.js')).toMatchObject({
      code: 0,
    });
  });
  afterAll(async () => {
    await redis.stop();
    for (const name of users) await database.query(`DROP ROLE ${name}`);
    await database.drop();
  });

  test('can be granted again and again', async () => {
    for (let i = 0; i < 2; i += 1) {
      const [row] = await database.query<{ said: string }>('SELECT portfolio_grant_roles() AS said');
      expect(row).toEqual({ said: 'granted; everything belongs to portfolio_owner' });
    }
  });

  test('let the service run as a writer that cannot change what was accepted', async () => {
    const writer = await userIn('portfolio_writer');
    const service = await startService({ databaseUrl: writer, redisUrl: redis.url });
    try {
      await send(redis.client(), 'account.cash_flow', 'V1', deposit('a'));
      await send(redis.client(), 'trade.opened', 'V1', { ...opened, timestamp: '2026-02-15T01:00:00Z' });
      await send(redis.client(), 'trade.closed', 'V1', { ...closed, timestamp: '2026-02-15T02:00:00Z' });
      await send(redis.client(), 'trade.closed', 'V1', { symbol: '7', timestamp: 'never' });
      await send(redis.client(), 'market.tick', 'V1', {
        symbol: 'BTCUSDT',
        price: '120',
        timestamp: new Date().toISOString(),
      });
      await eventually(async () => {
        const body = (await service.get('/snapshot?numbers=string')).json();
        expect(body).toMatchObject({ version: 3, cash_balance: '20', unrealized_pnl: '20' });
        expect(await database.query('SELECT * FROM equity_candles')).not.toEqual([]);
        expect(await database.query('SELECT * FROM marks')).toHaveLength(1);
        expect(await database.query('SELECT * FROM outbox WHERE published_at IS NULL')).toEqual([]);
      });
    } finally {
      await service.stop();
    }
    expect(service.logs()).not.toMatch(/permission denied/);
    const rebuilt = await runToEnd({ PORTFOLIO_DATABASE_URL: writer }, 'dist/rebuild.js');
    expect(rebuilt).toMatchObject({ code: 0, logs: expect.stringContaining('equal to the ledger') });
    for (const sql of [
      ...['ledger', 'ledger_keys'].flatMap((table) => [
        `UPDATE ${table} SET version = 9`,
        `DELETE FROM ${table}`,
        `TRUNCATE ${table}`,
      ]),
      'TRUNCATE accounts',
      `INSERT INTO api_keys (key_id, name, hash, scopes, created_at) VALUES ('k', 'k', sha256('k'), '{admin}', now())`,
      'UPDATE api_keys SET revoked_at = NULL',
      'DROP TABLE positions',
      'ALTER TABLE ledger DISABLE TRIGGER ALL',
      'CREATE TABLE own (x int)',
    ])
      await expect(asUser(writer, sql)).rejects.toThrow(/permission denied|must be owner/);
  });

  test('let a reader look at everything but the keys, and change nothing', async () => {
    const reader = await userIn('portfolio_reader');
    expect(await asUser(reader, 'SELECT count(*)::int AS facts FROM ledger')).toEqual([{ facts: 3 }]);
    for (const sql of [
      'SELECT * FROM api_keys',
      'INSERT INTO accounts VALUES (1)',
      'DELETE FROM trades',
      'UPDATE marks SET price = 1',
    ])
      await expect(asUser(reader, sql)).rejects.toThrow('permission denied');
  });

  test('let an owner migrate and keep keys, and what comes later is covered', async () => {
    const owner = await userIn('portfolio_owner');
    const made = await runToEnd({ PORTFOLIO_DATABASE_URL: owner }, 'dist/keys.js', ['create', '--name', 'x']);
    expect(made.code).toBe(0);
    expect(await runToEnd({ PORTFOLIO_DATABASE_URL: owner }, 'dist/migrate.js')).toMatchObject({ code: 0 });
    await asUser(owner, 'ALTER TABLE trades ADD COLUMN later int');
    await database.query('CREATE TABLE later (x int)');
    const writer = await userIn('portfolio_writer');
    await asUser(writer, 'INSERT INTO later VALUES (1)');
    await asUser(owner, 'ALTER TABLE trades DROP COLUMN later');
  });

  test('are left alone by a migration that has no right to make them', async () => {
    const own = await createDatabase();
    const { name, url } = await makeUser(own, null);
    await own.query(`GRANT CREATE, USAGE ON SCHEMA public TO ${name}`);
    expect(await runToEnd({ PORTFOLIO_DATABASE_URL: url }, 'dist/migrate.js')).toMatchObject({ code: 0 });
    const service = await startService({ databaseUrl: url, redisUrl: redis.url });
    await service.stop();
    await own.drop();
    await database.query(`DROP ROLE ${name}`);
  });
});

describe('Postgres over TLS', () => {
  let certificates: Certificates;
  let database: TestDatabase;
  let redis: TestRedis;
  let front: TlsFront;

  beforeAll(async () => {
    [certificates, database, redis] = [await makeCertificates(), await createDatabase(), await startRedis()];
    front = await startTlsFront(database.url, certificates.pem);
  });
  afterAll(async () => {
    await front.stop();
    await redis.stop();
    await database.drop();
    certificates.remove();
  });

  const through = (query = '', host = '127.0.0.1') => {
    const url = new URL(database.url + query);
    url.host = `${host}:${front.port}`;
    return url.href;
  };

  test('is spoken with a CA of one’s own', async () => {
    const env = { PORTFOLIO_DATABASE_CA_FILE: certificates.ca };
    const service = await startService({
      databaseUrl: through('?sslmode=disable'),
      redisUrl: redis.url,
      env,
    });
    await service.stop();
    expect(front.seen.encrypted).toBeGreaterThan(0);
    expect(front.seen.plain).toBe(0);
  });

  test('is spoken by the URL’s own word', async () => {
    const query = `?sslmode=verify-full&sslrootcert=${encodeURIComponent(certificates.ca)}`;
    const exit = await runToEnd({ PORTFOLIO_DATABASE_URL: through(query) }, 'dist/migrate.js');
    expect(exit).toMatchObject({ code: 0 });
  });

  test('is not spoken to a server that nobody vouches for', async () => {
    const exit = await runToEnd(
      { PORTFOLIO_DATABASE_URL: through('?sslmode=verify-full') },
      'dist/migrate.js',
    );
    expect(exit).toMatchObject({ code: 1, logs: expect.stringMatching(/self-signed certificate/) });
    const other = await makeCertificates();
    const env = { PORTFOLIO_DATABASE_URL: through(), PORTFOLIO_DATABASE_CA_FILE: other.ca };
    expect(await runToEnd(env, 'dist/migrate.js')).toMatchObject({ code: 1 });
    other.remove();
  });
});

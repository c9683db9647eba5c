import { type ClientProxy, ClientProxyFactory, Transport } from '@nestjs/microservices';
import { firstValueFrom, timeout } from 'rxjs';
import { eventually } from '../support/eventually.js';
import { addTestKey, type TestKey } from '../support/keys.js';
import { metricsOf } from '../support/metrics.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { runToEnd } from '../support/service.js';
import { startStack, type Stack } from '../support/stack.js';

type Body = Record<string, unknown>;

describe('npm run keys', () => {
  let database: TestDatabase;
  let redis: TestRedis;
  beforeAll(async () => {
    [database, redis] = [await createDatabase(), await startRedis()];
  });
  afterAll(async () => {
    await redis.stop();
    await database.drop();
  });

  const keys = (...args: string[]) =>
    runToEnd({ PORTFOLIO_DATABASE_URL: database.url }, 'dist/keys.js', args);
  const everywhere = (settings: Record<string, string> = {}) =>
    runToEnd({
      PORTFOLIO_DATABASE_URL: database.url,
      PORTFOLIO_REDIS_URL: redis.url,
      PORTFOLIO_PORT: '0',
      PORTFOLIO_HOST: '0.0.0.0',
      ...settings,
    });

  test('says what to do before there is a schema', async () => {
    expect(await keys('list')).toMatchObject({ code: 1, logs: expect.stringContaining('npm run migrate') });
  });

  test('without a key the service refuses to listen for everybody, and says how to make one', async () => {
    const exit = await everywhere();
    expect(exit.code).toBe(1);
    expect(exit.logs).toMatch(/PORTFOLIO_AUTH: .*npm run keys -- create/);
    const issuer = { PORTFOLIO_AUTH_JWKS_URL: 'https://issuer.example/jwks' };
    expect(await everywhere(issuer)).toMatchObject({ code: 1, logs: expect.stringContaining('AUTH_ISSUER') });
  });

  test('makes a key that is shown once and stored as a hash, lists and ends it', async () => {
    const made = await keys('create', '--name', 'dash', '--accounts', 'main,desk-2', '--expires', '30');
    const [key = ''] = /^pis_[\w-]{43}$/m.exec(made.logs) ?? [];
    expect([made.code, key.length]).toEqual([0, 47]);
    const listed = await keys('list');
    expect(listed.logs).toMatch(/^k_\w{12} {2}holds until \S+ {2}read {2}main,desk-2 {2}dash$/m);
    expect(listed.logs).not.toContain(key.slice(4));
    const [{ hash } = {}] = await database.query<{ hash: Buffer }>('SELECT hash FROM api_keys');
    expect([hash!.length, hash!.includes(key)]).toEqual([32, false]);
    const [id = ''] = /^k_\w+/m.exec(listed.logs)!;
    expect((await keys('revoke', id)).code).toBe(0);
    expect((await keys('list')).logs).toMatch(/ revoked /);
    expect(await keys('revoke', id)).toMatchObject({ code: 1, logs: expect.stringContaining('no key') });
    // A revoked key is none that lets anybody in.
    expect((await everywhere()).logs).toContain('PORTFOLIO_AUTH');
  });

  test.each([
    [['create']],
    [['create', '--name', 'x', '--scopes', 'write']],
    [['create', '--name', 'x', '--accounts', 'a b']],
    [['create', '--name', 'x', '--expires', '2001-01-01']],
    [['forget']],
    [[]],
  ])('refuses %j with a sentence', async (args) => {
    const exit = await keys(...args);
    expect(exit.code).toBe(1);
    expect(exit.logs).not.toMatch(/^\s+at /m);
  });
});

describe('peers with PORTFOLIO_PEER_AUTH=key', () => {
  let stack: Stack;
  let client: ClientProxy;
  let reader: TestKey;
  let desk: TestKey;
  let admin: TestKey;

  beforeAll(async () => {
    stack = await startStack({ env: { PORTFOLIO_PEER_AUTH: 'key', PORTFOLIO_KEY_REFRESH_MS: '100' } });
    client = ClientProxyFactory.create({
      transport: Transport.REDIS,
      options: { host: '127.0.0.1', port: stack.server.port },
    });
    await client.connect();
    reader = await addTestKey(stack.database);
    desk = await addTestKey(stack.database, { accounts: ['desk-2'], scopes: ['read', 'admin'] });
    admin = await addTestKey(stack.database, { scopes: ['admin'] });
    for (const { key } of [reader, admin]) await eventually(() => ask({ api_key: key }));
  });
  afterAll(async () => {
    client.close();
    await stack.stop();
  });

  const ask = (question: Body): Promise<Body> =>
    firstValueFrom(client.send<Body, Body>('portfolio.get_snapshot', question).pipe(timeout(3_000)));
  const deposit = (id: string, more: Body): Promise<unknown> =>
    firstValueFrom(
      client.emit('account.cash_flow', {
        ...{ event_id: id, type: 'DEPOSIT', amount: 10, timestamp: '2026-02-15T08:00:00Z' },
        ...more,
      }),
      { defaultValue: undefined },
    );
  const turnedAway = async (): Promise<number> =>
    (await metricsOf(stack.service))
      .filter(({ name, labels }) => name === 'portfolio_turned_away_total' && labels['door'] === 'peers')
      .reduce((sum, { value }) => sum + value, 0);

  test('a question without a key that holds, or about another’s account, is answered with an error', async () => {
    await expect(ask({})).rejects.toMatchObject({ code: 'credentials_invalid' });
    await expect(ask({ api_key: 'pis_none' })).rejects.toMatchObject({ code: 'credentials_invalid' });
    await expect(ask({ api_key: desk.key })).rejects.toMatchObject({ code: 'account_unknown' });
    await expect(ask({ api_key: reader.key, account_id: 'nobody' })).rejects.toMatchObject({
      code: 'account_unknown',
    });
  });

  test('an event is taken with an admin key for every account only, and the key is kept nowhere', async () => {
    const before = await turnedAway();
    await deposit('a', {});
    await deposit('b', { api_key: reader.key });
    await deposit('c', { api_key: desk.key, account_id: 'desk-2' });
    await eventually(async () => expect(await turnedAway()).toBe(before + 3));
    await deposit('d', { api_key: admin.key });
    await deposit('bad', { api_key: admin.key, amount: 'much' });
    await eventually(async () => {
      expect(await ask({ api_key: reader.key })).toMatchObject({ version: 1, cash_balance: 10 });
      expect(await stack.database.query('SELECT code FROM quarantine')).toHaveLength(1);
    });
    expect(stack.service.logs()).not.toContain('"level":"error"');
    const [kept] = await stack.database.query<{ fields: Buffer }>('SELECT fields FROM quarantine');
    const everything = [
      JSON.stringify(await stack.database.query('SELECT ledger::text FROM ledger')),
      kept!.fields.toString(),
      JSON.stringify(await stack.redis.xrange('quantum:dlq:account.cash_flow', '-', '+')),
      stack.service.logs(),
    ];
    for (const text of everything) expect(text).not.toContain(admin.key.slice(4));
  });
});

describe.each(['redis', 'key'])(
  'questions of peers beyond their limit, with PORTFOLIO_PEER_AUTH=%s',
  (auth) => {
    let stack: Stack;
    let client: ClientProxy;
    const keys: TestKey[] = [];

    beforeAll(async () => {
      stack = await startStack({
        env: {
          PORTFOLIO_PEER_AUTH: auth,
          PORTFOLIO_PEER_RATE_LIMIT: '5',
          PORTFOLIO_INITIAL_CASH: '10',
          PORTFOLIO_KEY_REFRESH_MS: '100',
        },
      });
      for (let i = 0; i < 2; i += 1) keys.push(await addTestKey(stack.database, { scopes: ['admin'] }));
      for (const { headers } of keys)
        await eventually(async () => expect((await stack.service.get('/', headers)).status).toBe(200));
      client = ClientProxyFactory.create({
        transport: Transport.REDIS,
        options: { host: '127.0.0.1', port: stack.server.port },
      });
      await client.connect();
      // The peers' door opens last.
      await eventually(() => ask('portfolio.get_drawdown', 1));
    });
    afterAll(async () => {
      client.close();
      await stack.stop();
    });

    const ask = (pattern: string, key = 0): Promise<Body> =>
      firstValueFrom(client.send<Body, Body>(pattern, { api_key: keys[key]!.key }).pipe(timeout(3_000)));
    const codeOf = (pattern: string, key?: number): Promise<unknown> =>
      ask(pattern, key).then(
        () => null,
        (error: Body) => error['code'],
      );

    test('are answered with an error, counted, and leave other patterns, HTTP and events alone', async () => {
      const codes: unknown[] = [];
      for (let i = 0; i < 7; i += 1) codes.push(await codeOf('portfolio.get_pnl'));
      expect(codes).toEqual([null, null, null, null, null, 'too_many_requests', 'too_many_requests']);
      expect(await codeOf('portfolio.get_exposure')).toBeNull();
      // Redis does not tell who asks; a key does.
      expect(await codeOf('portfolio.get_pnl', 1)).toBe(auth === 'redis' ? 'too_many_requests' : null);
      expect((await stack.service.get('/pnl')).status).toBe(200);
      const turnedAway = (await metricsOf(stack.service)).filter(
        ({ name, labels }) =>
          name === 'portfolio_turned_away_total' && labels['code'] === 'too_many_requests',
      );
      expect(turnedAway).toMatchObject([{ labels: { door: 'peers' }, value: auth === 'redis' ? 3 : 2 }]);
      for (let i = 0; i < 8; i += 1)
        await firstValueFrom(
          client.emit('account.cash_flow', {
            ...{ event_id: `e${i}`, type: 'DEPOSIT', amount: 10, timestamp: '2026-02-15T08:00:00Z' },
            api_key: keys[0]!.key,
          }),
          { defaultValue: undefined },
        );
      await eventually(async () =>
        expect((await stack.service.get('/snapshot')).json()).toMatchObject({ version: 9, cash_balance: 90 }),
      );
    });
  },
);

import { eventually } from '../../support/eventually.js';
import { addTestKey, type TestKey } from '../../support/keys.js';
import { send } from '../../support/streams.js';
import { listen, type RunningApp } from '../http/app.js';

const ENV = {
  PORTFOLIO_AUTH: 'keys',
  PORTFOLIO_AUTH_JWKS_URL: 'http://127.0.0.1:1/keys',
  PORTFOLIO_KEY_REFRESH_MS: '100',
};
const ISSUED = { PORTFOLIO_AUTH_ISSUER: 'https://issuer.example', PORTFOLIO_AUTH_AUDIENCE: 'portfolio' };

describe('keys', () => {
  let running: RunningApp;
  let all: TestKey;
  let desk: TestKey;

  beforeAll(async () => {
    running = await listen({ ...ENV, ...ISSUED });
    await running.start();
    all = await addTestKey(running.database);
    desk = await addTestKey(running.database, { accounts: ['desk-2'] });
    for (const accountId of ['main', 'desk-2']) {
      const deposit = {
        account_id: accountId,
        event_id: 'd',
        type: 'DEPOSIT',
        amount: '7',
        timestamp: new Date().toISOString(),
      };
      await send(running.redis.client(), 'account.cash_flow', 'V1', deposit);
    }
    await eventually(async () => {
      expect((await running.get('/snapshot', all.headers)).json()).toMatchObject({ version: 1 });
      expect((await running.get('/snapshot?account=desk-2', desk.headers)).json()).toMatchObject({
        version: 1,
      });
    });
  });
  afterAll(() => running.stop());

  const told = (text: string, name: string) => text.replaceAll(name, 'NAME');

  /** Every route that is about an account: a new one is, until it is named among those that are not. */
  const aboutAnAccount = () => {
    const patterns = running.routes.flatMap((route) => /^GET (.*)$/.exec(route)?.[1] ?? []);
    const others =
      /^\/(|accounts|api\/portfolio\/accounts|metrics|openapi\.json|docs.*|(api\/portfolio\/)?health.*)$/;
    return [...new Set(patterns)].filter((pattern) => !others.test(pattern));
  };

  test('an account that is not the key’s does not exist, as if nobody had it, on every route', async () => {
    const routes = aboutAnAccount();
    expect(routes).toEqual(
      expect.arrayContaining(['integrity', 'limits', 'explain'].map((name) => `/api/portfolio/${name}`)),
    );
    expect(routes.length).toBeGreaterThan(28);
    for (const route of routes) {
      const ask = (query: string) => running.get(route + query, desk.headers);
      const [foreign, nobodys] = [await ask('?account=main'), await ask('?account=nobody')];
      expect([route, foreign.status, nobodys.status]).toEqual([route, 404, 404]);
      expect(told(foreign.text, 'main')).toBe(told(nobodys.text, 'nobody'));
      expect(foreign.json()).toMatchObject({ code: 'account_unknown' });
      // Without a name it is main that is asked for.
      expect([route, (await ask('')).status]).toEqual([route, 404]);
      expect([route, (await ask('?account=desk-2')).status]).toEqual([route, 200]);
      // Twice is refused before anybody chooses one of the two, and so is every other way of naming it.
      for (const query of [
        '?account=desk-2&account=main',
        '?account[]=main',
        '?account=main&x=desk-2',
        '?%61ccount=main',
      ])
        expect([route, query, (await ask(query)).status]).toEqual([route, query, 404]);
    }
  });

  test('a tag tells nothing to whom the account does not exist for, on the quick way neither', async () => {
    for (const path of [
      '/snapshot',
      '/snapshot?account=main',
      '/api/portfolio/snapshot',
      '/pnl?account=main',
    ]) {
      const mine = await running.get(path, all.headers);
      expect([path, mine.status]).toEqual([path, 200]);
      for (const tag of [String(mine.headers['etag']), '*']) {
        const asked = (headers: Record<string, string>) =>
          running.get(path, { ...headers, 'if-none-match': tag });
        expect([path, (await asked(all.headers)).status]).toEqual([path, 304]);
        const foreign = await asked(desk.headers);
        expect([path, foreign.status, foreign.headers['etag']]).toEqual([path, 404, undefined]);
        const nobody = await asked({});
        expect([path, nobody.status, nobody.headers['etag']]).toEqual([path, 401, undefined]);
      }
    }
  });

  test('accounts lists what the key may see', async () => {
    const idsFor = async ({ headers }: TestKey) =>
      (await running.get('/accounts', headers))
        .json<{ accounts: { account_id: string }[] }>()
        .accounts.map((one) => one.account_id);
    expect(await idsFor(all)).toEqual(['desk-2', 'main']);
    expect(await idsFor(desk)).toEqual(['desk-2']);
  });

  test('metrics are of all accounts, and need a key for all', async () => {
    expect((await running.get('/metrics', all.headers)).status).toBe(200);
    expect((await running.get('/metrics', desk.headers)).json()).toMatchObject({ code: 'scope_missing' });
    expect((await running.get('/health', desk.headers)).status).toBe(200);
  });

  test('one that expires or is revoked lets nobody in within seconds, and another one goes on', async () => {
    const brief = await addTestKey(running.database, { expiresInMs: 1_500 });
    const revoked = await addTestKey(running.database);
    for (const key of [brief, revoked])
      await eventually(async () => expect((await running.get('/pnl', key.headers)).status).toBe(200), {
        timeoutMs: 1_400,
      });
    await running.database.query('UPDATE api_keys SET revoked_at = now() WHERE key_id = $1', [revoked.id]);
    for (const key of [brief, revoked])
      for (const path of ['/pnl', '/snapshot'])
        await eventually(async () => expect((await running.get(path, key.headers)).status).toBe(401), {
          timeoutMs: 3_000,
        });
    expect((await running.get('/pnl', all.headers)).status).toBe(200);
  });

  test('are known without the database, which a request never asks', async () => {
    running.gate.shut();
    try {
      expect((await running.get('/pnl', all.headers)).status).toBe(200);
      expect((await running.get('/pnl', { authorization: `Bearer pis_${'x'.repeat(43)}` })).status).toBe(401);
      await eventually(() => expect(running.logs()).toContain('the keys known so far go on'));
    } finally {
      running.gate.open();
    }
  });

  test('a token while the identity provider is away is not refused but put off', async () => {
    const answer = await running.get('/pnl', {
      authorization: 'Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.eA',
    });
    expect([answer.status, answer.json()['code']]).toEqual([503, 'dependency_unavailable']);
  });

  test('are stored nowhere as they are, nor logged', async () => {
    const rows = await running.database.query('SELECT api_keys::text AS row FROM api_keys');
    for (const text of [JSON.stringify(rows), running.logs()])
      for (const { key } of [all, desk]) expect(text).not.toContain(key.slice(4));
  });
});

describe('on this machine’s own address', () => {
  let running: RunningApp;
  beforeAll(async () => {
    running = await listen();
    await running.start();
  });
  afterAll(() => running.stop());

  test('reading needs no key, but a key that is shown must be one', async () => {
    expect((await running.get('/snapshot')).status).toBe(200);
    expect((await running.get('/snapshot', { authorization: 'Basic eDp5' })).status).toBe(200);
    expect((await running.get('/snapshot', { 'x-api-key': 'pis_wrong' })).status).toBe(401);
    const key = await addTestKey(running.database, { accounts: ['desk'] });
    await eventually(async () => expect((await running.get('/snapshot', key.headers)).status).toBe(404));
  });

  test('a page that gave its own name to this machine reads nothing', async () => {
    const answer = await running.get('/snapshot', { host: 'attacker.example:8004' });
    expect([answer.status, answer.json()['code']]).toEqual([403, 'host_unknown']);
    for (const host of ['localhost:8004', '127.0.0.1', '[::1]:8004', 'portfolio:8004', 'dash.localhost'])
      expect((await running.get('/snapshot', { host })).status).toBe(200);
    expect((await running.get('/health/live', { host: 'attacker.example' })).status).toBe(200);
  });
});

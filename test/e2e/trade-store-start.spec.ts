import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { tellFrom } from '../support/send-facts.js';
import { runToEnd } from '../support/service.js';
import { startStack, type Stack } from '../support/stack.js';
import { DIRTY_TRADES } from '../support/trade-store/dirty-trades.js';
import { storedTrade } from '../support/trade-store/layout.js';
import { manyTrades } from '../support/trade-store/many-trades.js';
import { writeRedis } from '../support/trade-store/write-redis.js';
import { writeSqlite } from '../support/trade-store/write-sqlite.js';

type Body = Record<string, unknown>;

let folder: string;
let path: string;
let stack: Stack | null = null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portfolio-store-'));
  path = join(folder, 'trades.db');
});
afterEach(async () => {
  await stack?.stop();
  stack = null;
  await rm(folder, { recursive: true, force: true });
});

async function read(route: string): Promise<Body> {
  return (await stack!.service.get(`/${route}`)).json();
}

async function component(): Promise<Body | undefined> {
  const { components } = await read('health');
  return (components as Body[]).find(({ name }) => name === 'trade_store');
}

const imported = () =>
  eventually(async () => expect((await component())?.['message']).toMatch(/^last import: /), {
    timeoutMs: 30_000,
  });

describe('the trade store of the settings', () => {
  test.each([
    ['PORTFOLIO_TRADE_STORE_TYPE', 'PORTFOLIO_TRADE_STORE_DB_PATH'],
    ['TRADE_STORE_TYPE', 'TRADE_STORE_DB_PATH'],
  ])('is imported at start, named by %s', async (type, place) => {
    writeSqlite(path, DIRTY_TRADES);
    stack = await startStack({ env: { [type]: 'sqlite', [place]: path } });
    await imported();
    expect(await component()).toMatchObject({
      status: 'healthy',
      message: expect.stringContaining('6 taken') as string,
    });
    expect(await read('api/portfolio/pnl?numbers=string')).toMatchObject({
      realized_pnl_total: '429.98',
      win_rate: '75',
    });
    expect(await read('api/portfolio/snapshot')).toMatchObject({ num_positions: 2 });
    const trades = (await read('api/portfolio/trades?symbol=ETHUSDT&numbers=string'))['trades'];
    expect(trades).toMatchObject([
      {
        claimed_pnl: '-500',
        realized_pnl: '-103.24',
        reported_pnl: null,
        discrepancies: [{ kind: 'claimed_pnl_mismatch' }],
      },
    ]);
  });

  test('can be a Redis', async () => {
    stack = await startStack();
    await writeRedis(stack.redis, DIRTY_TRADES);
    await stack.service.stop();
    await stack.startAgain({
      PORTFOLIO_TRADE_STORE_TYPE: 'redis',
      PORTFOLIO_TRADE_STORE_REDIS_URL: stack.server.url,
    });
    await imported();
    expect(await read('api/portfolio/pnl?numbers=string')).toMatchObject({ realized_pnl_total: '429.98' });
  });

  test('is history: it moves the wallet, and neither the return of today nor the drawdown', async () => {
    const lost = { status: 'CLOSED', exit_price: 60, exit_time: '2026-01-11T00:00:00' };
    writeSqlite(path, [storedTrade({ ...lost, trade_id: 'lost', quantity: 50 })]);
    stack = await startStack({
      env: { PORTFOLIO_INITIAL_CASH: '10000', TRADE_STORE_TYPE: 'sqlite', TRADE_STORE_DB_PATH: path },
    });
    await imported();
    expect(await read('api/portfolio/snapshot?numbers=string')).toMatchObject({
      cash_balance: '8000',
      total_equity: '8000',
      daily_drawdown_pct: '0',
      max_drawdown_pct: '0',
    });
    expect(await read('api/portfolio/pnl?numbers=string')).toMatchObject({
      realized_pnl_total: '-2000',
      realized_pnl_today: '0',
      equity_change_today: '0',
    });
  });

  test('closed today is the performance of today', async () => {
    const now = new Date().toISOString().slice(0, -1);
    const lost = { status: 'CLOSED', exit_price: 60, entry_time: now, exit_time: now };
    writeSqlite(path, [storedTrade({ ...lost, trade_id: 'lost', quantity: 50 })]);
    stack = await startStack({
      env: { PORTFOLIO_INITIAL_CASH: '10000', TRADE_STORE_TYPE: 'sqlite', TRADE_STORE_DB_PATH: path },
    });
    await imported();
    expect(await read('api/portfolio/pnl?numbers=string')).toMatchObject({
      realized_pnl_today: '-2000',
      equity_change_today: '-2000',
    });
    expect(await read('api/portfolio/drawdown?numbers=string')).toMatchObject({ max_drawdown_pct: '20' });
  });

  test('holds up neither readiness nor live trades, and goes on after a kill', async () => {
    writeSqlite(path, manyTrades(20_000));
    stack = await startStack({ env: { TRADE_STORE_TYPE: 'sqlite', TRADE_STORE_DB_PATH: path } });
    await eventually(async () => expect((await component())?.['message']).toMatch(/^\d+ rows read/), {
      everyMs: 20,
    });
    const live = {
      trade_id: 'live',
      symbol: 'XRPUSDT',
      side: 'buy',
      entry_price: '2',
      quantity: '1',
      timestamp: String(Date.now() / 1000),
    };
    await tellFrom(stack.redis, 'trade.opened', live);
    await eventually(async () => {
      const { positions } = await read('api/portfolio/positions');
      expect((positions as Body[]).map(({ symbol }) => symbol)).toContain('XRPUSDT');
    });
    expect((await component())?.['message']).not.toMatch(/^last import/);
    await stack.service.kill9();
    await stack.startAgain();
    await imported();
    const [row] = await stack.database.query<{ n: string }>('SELECT count(*) AS n FROM trades');
    expect(Number(row!.n)).toBe(20_001);
  });

  test('that is not there leaves the service serving, degraded, with the reason', async () => {
    stack = await startStack({
      env: { TRADE_STORE_TYPE: 'sqlite', TRADE_STORE_DB_PATH: join(folder, 'none.db') },
    });
    await eventually(async () => expect(await component()).toMatchObject({ status: 'unhealthy' }));
    expect((await component())!['message']).toMatch(/none\.db cannot be read/);
    expect(await read('health')).toMatchObject({ status: 'degraded' });
    expect((await stack.service.get('/health/ready')).status).toBe(200);
    expect(await read('api/portfolio/snapshot')).toMatchObject({ num_positions: 0 });
  });

  test('that is no store, or does not answer, does so too, and tells no password', async () => {
    await writeFile(path, 'not a database');
    stack = await startStack({ env: { TRADE_STORE_TYPE: 'sqlite', TRADE_STORE_DB_PATH: path } });
    await eventually(async () => expect(await component()).toMatchObject({ status: 'unhealthy' }));
    await stack.service.stop();
    const url = 'redis://someone:hidden-word@127.0.0.1:1';
    await stack.startAgain({ TRADE_STORE_TYPE: 'redis', TRADE_STORE_REDIS_URL: url });
    await eventually(async () => expect(await component()).toMatchObject({ status: 'unhealthy' }), {
      timeoutMs: 20_000,
    });
    expect(JSON.stringify(await component()) + stack.service.logs()).not.toContain('hidden-word');
  });

  test('is not there when none is set, and a type without its address ends the service', async () => {
    stack = await startStack();
    expect(await component()).toBeUndefined();
    const env = { PORTFOLIO_DATABASE_URL: stack.database.url, PORTFOLIO_REDIS_URL: stack.server.url };
    const { code, logs } = await runToEnd({ ...env, TRADE_STORE_TYPE: 'sqlite' });
    expect(code).toBe(1);
    expect(logs).toContain('PORTFOLIO_TRADE_STORE_DB_PATH: is missing');
  });
});

import { eventually } from '../support/eventually.js';
import { now, opened, tick } from '../support/outbound.js';
import { runToEnd } from '../support/service.js';
import { startStack, type Stack } from '../support/stack.js';
import { send, settled } from '../support/streams.js';

/** Rows say what a rebuild would say, also where a mark that came later stands in for a price that nobody told. */
describe('a mark that stands in for an entry price', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack.stop());

  async function open(tradeId: string, symbol: string, rest: Record<string, string> = {}): Promise<void> {
    await send(stack.redis, 'trade.opened', 'V1', opened(tradeId, symbol, { entry_price: '0.0', ...rest }));
    await settled(stack.service, stack.redis);
  }

  async function costs(): Promise<string[]> {
    const rows = await stack.database.query<{ line: string }>(
      `SELECT symbol || ' ' || side || ' ' || cost_basis AS line FROM positions ORDER BY symbol, side`,
    );
    return rows.map(({ line }) => line);
  }

  async function rebuildIsEqual(): Promise<void> {
    const env = { PORTFOLIO_DATABASE_URL: stack.database.url };
    const { code, logs } = await runToEnd(env, 'dist/rebuild.js');
    expect([code, logs]).toEqual([0, expect.stringContaining('all projections are equal')]);
  }

  test('is in the stored cost as soon as it is written down', async () => {
    await open('a', 'BTCUSDT');
    expect(await costs()).toEqual(['BTCUSDT LONG 0']);
    await tick(stack, 'BTCUSDT', '100.50');
    await eventually(async () => expect(await costs()).toEqual(['BTCUSDT LONG 201']));
    await rebuildIsEqual();
  });

  test('stays in it when more is opened, and leaves it when the price is told', async () => {
    await open('b', 'BTCUSDT', { entry_price: '99' });
    await eventually(async () => expect(await costs()).toEqual(['BTCUSDT LONG 399']));
    await rebuildIsEqual();
    await open('a', 'BTCUSDT', { entry_price: '100' });
    await eventually(async () => expect(await costs()).toEqual(['BTCUSDT LONG 398']));
    await rebuildIsEqual();
  });

  test('is written with whatever is committed next', async () => {
    await open('c', 'ETHUSDT', { side: 'sell' });
    await tick(stack, 'ETHUSDT', '50');
    await eventually(async () =>
      expect((await stack.service.get('/api/portfolio/snapshot')).text).toContain(
        '"price_source":"market.tick"',
      ),
    );
    await open('d', 'SOLUSDT', { entry_price: '7' });
    await eventually(async () =>
      expect(await costs()).toEqual(['BTCUSDT LONG 398', 'ETHUSDT SHORT 100', 'SOLUSDT LONG 14']),
    );
    await rebuildIsEqual();
  });

  test('is verified like any other number', async () => {
    const state = async () =>
      (await stack.service.get('/api/portfolio/integrity')).json<{ state: string; differences: unknown[] }>();
    await stack.database.query(`UPDATE positions SET cost_basis = cost_basis + 1 WHERE symbol = 'ETHUSDT'`);
    await eventually(
      async () =>
        expect((await state()).differences).toMatchObject([
          { table: 'positions', stored: { cost_basis: '101' }, expected: { cost_basis: '100' } },
        ]),
      { timeoutMs: 20_000 },
    );
    await stack.database.query(`UPDATE positions SET cost_basis = cost_basis - 1 WHERE symbol = 'ETHUSDT'`);
    await eventually(async () => expect((await state()).differences).toEqual([]), { timeoutMs: 20_000 });
  });

  test('is never the present mark again', async () => {
    await tick(stack, 'ETHUSDT', '60');
    await send(stack.redis, 'trade.closed', 'V1', {
      ...{ trade_id: 'c', symbol: 'ETHUSDT', side: 'SHORT', quantity: '1', exit_price: '60' },
      timestamp: now(),
    });
    await settled(stack.service, stack.redis);
    await eventually(async () => expect(await costs()).toContain('ETHUSDT SHORT 50'));
    await rebuildIsEqual();
  });
});

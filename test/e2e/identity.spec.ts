import type { Payload, Variant } from '../support/envelope.js';
import { eventually } from '../support/eventually.js';
import { startStack, type Stack } from '../support/stack.js';
import { send, settled } from '../support/streams.js';

type Body = Record<string, unknown>;

const T = (minute: number): string => `2026-02-15T08:${String(minute).padStart(2, '0')}:00Z`;

describe('what is the same fact and what is not', () => {
  let stack: Stack;
  let account = '';
  let accounts = 0;

  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack.stop());
  beforeEach(() => {
    accounts += 1;
    account = `account-${accounts}`;
  });

  const tell = (type: string, payload: Payload, variant: Variant = 'V1'): Promise<string> =>
    send(stack.redis, type, variant, { account_id: account, ...payload });
  const open = (rest: Payload = {}, variant?: Variant): Promise<string> => {
    const trade = {
      trade_id: 'a',
      symbol: 'BTCUSDT',
      side: 'buy',
      entry_price: '100',
      quantity: '2',
      timestamp: T(0),
    };
    return tell('trade.opened', { ...trade, ...rest }, variant);
  };
  const close = (rest: Payload = {}, variant?: Variant): Promise<string> =>
    tell(
      'trade.closed',
      { symbol: 'BTCUSDT', side: 'LONG', exit_price: '110', timestamp: T(30), ...rest },
      variant,
    );
  const done = (): Promise<void> => settled(stack.service, stack.redis);
  const read = async (route: string): Promise<Body> =>
    (await stack.service.get(`/api/portfolio/${route}?numbers=string&account=${account}`)).json();
  const realized = async (): Promise<unknown> => (await read('pnl'))['realized_pnl_total'];
  const positions = async (): Promise<Body[]> => (await read('snapshot'))['positions'] as Body[];
  const quarantined = async (entryId: string): Promise<Body[]> =>
    stack.database.query('SELECT code FROM quarantine WHERE entry_id = $1', [entryId]);

  test('a resend in another form is no second fact', async () => {
    await open();
    await open({ tradeId: 'a', entry_price: '100.00' }, 'V8');
    await close({ trade_id: 'a', quantity: '1' });
    await close({ trade_id: 'a', quantity: '1.0' }, 'V6');
    await done();
    expect(await realized()).toBe('10');
    expect(await positions()).toEqual([expect.objectContaining({ size: '1' })]);
  });

  test('two partial closes of one trade are two facts', async () => {
    await open();
    await close({ trade_id: 'a', quantity: '1', timestamp: T(30) });
    await close({ trade_id: 'a', quantity: '1', timestamp: T(31) });
    await done();
    expect([await realized(), await positions()]).toEqual(['20', []]);
  });

  test('two executors that report one closing order closed once', async () => {
    await open();
    await close({ trade_id: 'a', quantity: '1', order_id: '77', source: 'one' });
    await close({ quantity: '1', order_id: '77', source: 'two', timestamp: T(31) });
    await done();
    expect(await realized()).toBe('10');
  });

  test('other content under the same key by the same source is quarantined and changes nothing', async () => {
    const first = await open();
    const second = await open({ entry_price: '90' });
    await done();
    expect(await positions()).toEqual([expect.objectContaining({ entry_price: '100', size: '2' })]);
    expect(await quarantined(first)).toEqual([]);
    expect(await quarantined(second)).toHaveLength(1);
  });

  test('other content under the same key by another source is a duplicate, kept as a doubt', async () => {
    await open({ source: 'one' }, 'V8');
    const second = await open({ entry_price: '90', source: 'two' }, 'V8');
    await done();
    expect(await positions()).toEqual([expect.objectContaining({ entry_price: '100', size: '2' })]);
    expect(await quarantined(second)).toEqual([{ code: 'source_differs' }]);
  });

  test.each([
    ['after', ['0.0', '100']],
    ['before', ['100', '0.0']],
  ])('the price of a market order may come %s the order', async (_when, prices) => {
    const ids = [];
    for (const price of prices) ids.push(await open({ entry_price: price }));
    await close({ trade_id: 'a', quantity: '1' });
    await done();
    expect(await realized()).toBe('10');
    expect(await positions()).toEqual([expect.objectContaining({ entry_price: '100', size: '1' })]);
    for (const id of ids) expect(await quarantined(id)).toEqual([]);
  });

  test('a market order without any price is valued at the first mark and says so', async () => {
    await open({ symbol: 'ICPUSDT', entry_price: '0.0' });
    await done();
    const tick = { symbol: 'ICPUSDT', price: '5', timestamp: new Date().toISOString() };
    await send(stack.redis, 'market.tick', 'V1', tick);
    await eventually(async () => {
      const snapshot = await read('snapshot');
      expect(snapshot).toMatchObject({ unrealized_pnl: '0', total_exposure: '10' });
      expect(JSON.stringify(snapshot['warnings'])).toMatch(/entry_price/);
    });
  });

  test('a repeated open does not reopen a closed trade', async () => {
    await open();
    await close({ trade_id: 'a' });
    await done();
    await open({}, 'V2');
    await done();
    expect([await realized(), await positions()]).toEqual(['20', []]);
  });

  test('a close that comes before its open waits for it', async () => {
    await close({ trade_id: 'a' });
    await done();
    expect(await realized()).toBe('0');
    await open();
    await done();
    expect([await realized(), await positions()]).toEqual(['20', []]);
  });

  test('a close that was booked without its open is joined to it, and booked once', async () => {
    await close({ entry_price: '100', pnl_usd: '7', quantity: '2' });
    await done();
    expect(await realized()).toBe('7');
    await open();
    await done();
    expect([await realized(), await positions()]).toEqual(['7', []]);
  });

  test('a late open takes an earlier unnamed close from the trade that had it', async () => {
    await open({ trade_id: 'b', entry_price: '105', quantity: '1', timestamp: T(10) });
    await close({ quantity: '1' });
    await done();
    expect(await realized()).toBe('5');
    await open({ trade_id: 'a', quantity: '1', timestamp: T(5) });
    await done();
    expect(await realized()).toBe('10');
    expect(await positions()).toEqual([expect.objectContaining({ size: '1', entry_price: '105' })]);
  });

  test('a fact that is dated minutes ahead of our clock is quarantined', async () => {
    const id = await open({ timestamp: new Date(Date.now() + 600_000).toISOString() });
    await done();
    expect(await quarantined(id)).toHaveLength(1);
    expect((await stack.service.get(`/api/portfolio/snapshot?account=${account}`)).status).toBe(404);
  });
});

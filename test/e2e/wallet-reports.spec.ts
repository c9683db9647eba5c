import { eventually } from '../support/eventually.js';
import { startStack, type Stack } from '../support/stack.js';
import { send, settled } from '../support/streams.js';

type Body = Record<string, unknown>;

const agoIso = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();

async function read(stack: Stack, route: string): Promise<Body> {
  return (await stack.service.get(`/api/portfolio/${route}?numbers=string`)).json();
}

async function report(stack: Stack, balance: string, secondsAgo: number): Promise<void> {
  const timestamp = String(Math.floor(Date.now() / 1000) - secondsAgo);
  await send(stack.redis, 'account.balance', 'V8', { balance, available: '1', timestamp });
  await settled(stack.service, stack.redis);
}

describe('a wallet that the exchange reports', () => {
  let stack: Stack;
  afterEach(() => stack.stop());

  test('replaces the money of the settings, also when the report is older than the start', async () => {
    stack = await startStack({ env: { PORTFOLIO_INITIAL_CASH: '10000' } });
    await eventually(async () =>
      expect(await read(stack, 'snapshot')).toMatchObject({ cash_balance: '10000' }),
    );
    await report(stack, '3902.68617702', 120);
    expect(await read(stack, 'snapshot')).toMatchObject({ cash_balance: '3902.68617702' });
    await report(stack, '3902.68617702', 0);
    expect(await read(stack, 'snapshot')).toMatchObject({
      cash_balance: '3902.68617702',
      max_drawdown_pct: '0',
    });
    expect(await read(stack, 'pnl')).toMatchObject({ realized_pnl_total: '0' });
  });

  test('is what the account started with when the settings name another sum later', async () => {
    stack = await startStack();
    await report(stack, '500', 60);
    await stack.service.stop();
    await stack.stop();
    stack = await startStack({ env: { PORTFOLIO_INITIAL_CASH: '10000' } });
    await report(stack, '500', 30);
    expect(await read(stack, 'snapshot')).toMatchObject({ cash_balance: '500' });
  });

  test('a later difference is performance, once, and an older report changes nothing', async () => {
    stack = await startStack();
    await report(stack, '1000', 300);
    await report(stack, '990', 200);
    await report(stack, '1234', 250);
    await report(stack, '990', 100);
    expect(await read(stack, 'snapshot')).toMatchObject({ cash_balance: '990' });
    expect(await read(stack, 'pnl')).toMatchObject({ realized_pnl_total: '-10', closed_trades: 0 });
  });

  test('an older report changes nothing beside a newer one that agreed, either', async () => {
    stack = await startStack();
    await report(stack, '1000', 300);
    await report(stack, '1000', 100);
    await report(stack, '950', 200);
    expect(await read(stack, 'snapshot')).toMatchObject({ cash_balance: '1000', max_drawdown_pct: '0' });
    expect(await read(stack, 'pnl')).toMatchObject({ realized_pnl_total: '0' });
  });

  test('holds what a late close of the same batch earned: it is not booked twice', async () => {
    stack = await startStack();
    await report(stack, '1000', 900);
    const trade = { symbol: 'BTCUSDT', side: 'LONG', quantity: '1' };
    const opened = { ...trade, trade_id: 'A', entry_price: '100', timestamp: agoIso(800) };
    await send(stack.redis, 'trade.opened', 'V1', opened);
    await send(stack.redis, 'trade.opened', 'V1', { ...opened, trade_id: 'B', timestamp: agoIso(400) });
    await settled(stack.service, stack.redis);
    // Frozen, so that all of it is one batch: a close dated before the second open, and a wallet that has its 10 already.
    stack.service.freeze();
    const late = { symbol: 'BTCUSDT', side: 'LONG', quantity: '1', exit_price: '110', order_id: '7' };
    await send(stack.redis, 'trade.closed', 'V8', { ...late, timestamp: agoIso(500) });
    await send(stack.redis, 'account.balance', 'V8', {
      balance: '1010',
      timestamp: String(Math.floor(Date.now() / 1000)),
    });
    stack.service.thaw();
    await settled(stack.service, stack.redis);
    expect(await read(stack, 'snapshot')).toMatchObject({ cash_balance: '1010', num_positions: 1 });
    expect(await read(stack, 'pnl')).toMatchObject({ realized_pnl_total: '10', closed_trades: 1 });
  });

  test('is only listed when reports are not adopted', async () => {
    stack = await startStack({ env: { PORTFOLIO_RECONCILE: 'report', PORTFOLIO_INITIAL_CASH: '1000' } });
    await report(stack, '990', 0);
    await eventually(async () =>
      expect(await read(stack, 'snapshot')).toMatchObject({
        cash_balance: '1000',
        warnings: expect.arrayContaining([expect.stringMatching(/^wallet_differs:/)]) as unknown,
      }),
    );
  });
});

describe('durable events that Redis lost', () => {
  let stack: Stack;
  afterEach(() => stack.stop());

  test('are sent again, with the identity they had, even while new ones wait', async () => {
    stack = await startStack();
    const stream = 'quantum:stream:portfolio.pnl_updated';
    const deposit = (id: string) =>
      send(stack.redis, 'account.cash_flow', 'V1', {
        event_id: id,
        type: 'DEPOSIT',
        amount: '5',
        timestamp: agoIso(1),
      });
    const durable = async () => {
      const entries = await stack.redis.xrange(stream, '-', '+');
      const payloads = entries.map(
        ([, fields]) => JSON.parse(fields[fields.indexOf('payload') + 1]!) as Body,
      );
      return payloads
        .filter((one) => one['previous_version'] !== one['version'])
        .map((one) => one['event_id']);
    };
    for (const id of ['a', 'b', 'c']) {
      await deposit(id);
      await settled(stack.service, stack.redis);
    }
    await eventually(async () => expect(await durable()).toHaveLength(3));
    const before = await durable();
    await stack.redis.flushall();
    await deposit('d');
    await eventually(async () => expect((await durable()).slice(0, 3)).toEqual(before), {
      timeoutMs: 15_000,
    });
    await eventually(async () => expect(await durable()).toHaveLength(4), { timeoutMs: 15_000 });
  });
});

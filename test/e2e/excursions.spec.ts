import { Num } from '../support/envelope.js';
import { elapsed, eventually } from '../support/eventually.js';
import { startStack, type Stack } from '../support/stack.js';
import { send, settled } from '../support/streams.js';

type Body = Record<string, unknown>;

async function mark(stack: Stack, price: string): Promise<void> {
  const tick = { symbol: 'BTCUSDT', price: new Num(price), timestamp: new Date().toISOString() };
  await send(stack.redis, 'market.tick', 'V1', tick);
  await eventually(async () => {
    const body = (await stack.service.get('/api/portfolio/positions?numbers=string')).json();
    expect(body['positions']).toMatchObject([{ current_price: price }]);
  });
}

async function tell(stack: Stack, type: string, payload: Parameters<typeof send>[3]): Promise<void> {
  await send(stack.redis, type, 'V1', { timestamp: new Date().toISOString(), ...payload });
  await settled(stack.service, stack.redis);
}

const close = (stack: Stack) =>
  tell(stack, 'trade.closed', { trade_id: 'one', symbol: 'BTCUSDT', exit_price: '100', quantity: '2' });

async function trade(stack: Stack): Promise<Body> {
  const body = (await stack.service.get('/api/portfolio/trades?numbers=string')).json();
  return (body['trades'] as Body[])[0]!;
}

describe('the excursion of an open trade', () => {
  let stack: Stack;

  beforeEach(async () => {
    stack = await startStack();
    await tell(stack, 'account.cash_flow', { event_id: 'start', type: 'DEPOSIT', amount: '1000' });
    const open = { trade_id: 'one', symbol: 'BTCUSDT', side: 'buy', entry_price: '100', quantity: '2' };
    await tell(stack, 'trade.opened', open);
    for (const price of ['120', '70', '100']) await mark(stack, price);
  });
  afterEach(() => stack.stop());

  test('is not lost by SIGTERM, not even the last moment of it', async () => {
    await mark(stack, '65');
    await mark(stack, '99');
    await stack.service.stop();
    await stack.startAgain();
    expect(await trade(stack)).toMatchObject({ mae: '-70', mfe: '40', mae_per_unit: '-35' });
    await mark(stack, '130');
    await close(stack);
    expect(await trade(stack)).toMatchObject({ status: 'CLOSED', mae: '-70', mfe: '60' });
  });

  test('is not lost by SIGKILL when it is older than a second, and goes on', async () => {
    await elapsed(Date.now(), 2_500); // Written at least every second; the rest is for a slow machine.
    await stack.service.kill9();
    await stack.startAgain();
    expect(await trade(stack)).toMatchObject({ status: 'OPEN', mae: '-60', mfe: '40' });
    await mark(stack, '90');
    await close(stack);
    expect(await trade(stack)).toMatchObject({ status: 'CLOSED', mae: '-60', mfe: '40' });
  });

  test('is what was seen: a rebuild leaves it, and what comes after joins it', async () => {
    await stack.service.stop();
    await stack.startAgain({ PORTFOLIO_TIMEZONE: 'Asia/Tokyo' });
    expect(stack.service.logs()).toContain('projections rebuilt');
    await mark(stack, '60');
    await close(stack);
    expect(await trade(stack)).toMatchObject({ status: 'CLOSED', mae: '-80', mfe: '40' });
  });
});

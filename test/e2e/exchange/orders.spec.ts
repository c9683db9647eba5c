import { Num } from '../../support/envelope.js';
import { eventually } from '../../support/eventually.js';
import type { ExchangeDesk } from '../../support/exchange-desk.js';
import { startExchangeDesk } from '../../support/exchange-desk.js';
import { runToEnd } from '../../support/service.js';
import { send, settled } from '../../support/streams.js';

let desk: ExchangeDesk;
beforeAll(async () => {
  desk = await startExchangeDesk({ wallet: '1000' });
  await eventually(async () => expect((await desk.snapshot()).cash_balance).toBe('1000'));
});
afterAll(() => desk?.stop());

/** What an executor says of an order of its own, on the bus. */
async function executorSays(orderId: bigint, size: string, price: string, at: number): Promise<void> {
  const { service, redis } = desk.stack;
  await send(redis, 'order.executed', 'V1', {
    order_id: String(orderId),
    symbol: 'ETHUSDT',
    side: 'BUY',
    price: new Num(price),
    quantity: new Num(size),
    timestamp: new Num(String(at / 1000)),
  });
  await settled(service, redis);
}

const held = async () => (await desk.snapshot()).positions.map(({ symbol, size }) => [symbol, size]);

describe('an order that the executor tells whole and the exchange fill by fill', () => {
  test('counts once when the executor is first', async () => {
    const orderId = 8_389_765_999_000_000_001n;
    await executorSays(orderId, '3', '3400', desk.exchange.now());
    await eventually(async () => expect(await held()).toEqual([['ETHUSDT', '3']]));
    desk.exchange.fill({ symbol: 'ETHUSDT', side: 'BUY', qty: '1', price: '3400', fee: '1', orderId });
    desk.exchange.fill({ symbol: 'ETHUSDT', side: 'BUY', qty: '2', price: '3401', fee: '2', orderId });
    await eventually(async () => {
      expect(await held()).toEqual([['ETHUSDT', '3']]);
      expect((await desk.snapshot()).cash_balance).toBe('997');
    });
  });

  test('counts once when the exchange is first', async () => {
    const orderId = 8_389_765_999_000_000_002n;
    desk.exchange.fill({ symbol: 'ETHUSDT', side: 'BUY', qty: '2', price: '3402', orderId });
    await eventually(async () => expect(await held()).toEqual([['ETHUSDT', '5']]));
    await executorSays(orderId, '2', '3402', desk.exchange.now());
    expect(await held()).toEqual([['ETHUSDT', '5']]);
  });

  test('is the same after a rebuild from the ledger', async () => {
    const env = { PORTFOLIO_DATABASE_URL: desk.stack.database.url, PORTFOLIO_POSITION_SOURCE: 'fills' };
    const { code, logs } = await runToEnd(env, 'dist/rebuild.js');
    expect([code, logs]).toEqual([0, expect.stringContaining('all projections are equal')]);
  });
});

test('a commission in a third asset is listed and never zero', async () => {
  desk.exchange.fill({
    symbol: 'SOLUSDT',
    side: 'BUY',
    qty: '1',
    price: '150',
    fee: '0.0001',
    feeAsset: 'BNB',
  });
  await eventually(async () => {
    const list = (await desk.stack.service.get('/api/portfolio/discrepancies?numbers=string')).text;
    expect(list).toContain('"fee_unconverted"');
    expect(list).toContain('"0.0001"');
  });
  expect((await desk.snapshot()).cash_balance).toBe('997');
});

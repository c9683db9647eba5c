import { Redis } from 'ioredis';
import { eventually } from '../../support/eventually.js';
import type { ExchangeDesk, Snapshot } from '../../support/exchange-desk.js';
import { SHORT_TIMES, startExchangeDesk } from '../../support/exchange-desk.js';
import type { TestService } from '../../support/service.js';
import { startService } from '../../support/service.js';

let desk: ExchangeDesk;
let second: TestService;
beforeAll(async () => {
  desk = await startExchangeDesk({ wallet: '1000' });
  await eventually(async () => expect((await desk.health()).status).toBe('healthy'));
  second = await startSecond();
});
afterAll(async () => {
  await second?.stop();
  await desk?.stop();
});

function startSecond(): Promise<TestService> {
  const { database, server } = desk.stack;
  const env = { ...SHORT_TIMES, ...desk.exchange.settings(), PORTFOLIO_REPLICA: 'second' };
  return startService({ databaseUrl: database.url, redisUrl: server.url, env });
}

const snapshotOf = async (service: TestService) =>
  (await service.get('/api/portfolio/snapshot?numbers=string')).json<Snapshot>();
const exchangeOf = async (service: TestService) =>
  (await service.get('/health'))
    .json<{ components: { name: string; message: string }[] }>()
    .components.find(({ name }) => name === 'exchange')!.message;

describe('of two replicas', () => {
  test('one talks to the exchange, and the other says so', async () => {
    expect(await exchangeOf(second)).toBe('testnet; another replica talks to it');
    expect(desk.exchange.streams.connections).toBe(1);
    expect(desk.exchange.asked.filter((name) => name === 'POST /fapi/v1/listenKey')).toHaveLength(1);
  });

  test('both value positions at its mark prices', async () => {
    desk.exchange.fill({ symbol: 'BTCUSDT', side: 'BUY', qty: '0.01', price: '68000' });
    desk.exchange.price('BTCUSDT', '68123.4');
    for (const service of [desk.stack.service, second])
      await eventually(async () =>
        expect((await snapshotOf(service)).positions).toMatchObject([
          { current_price: '68123.4', price_source: 'mark_price' },
        ]),
      );
  });

  test('both live on when something foreign is published where they tell each other prices', async () => {
    const { server, service } = desk.stack;
    const redis = new Redis(server.url);
    for (const text of ['{"replica":', '{}', '{"replica":"x","marks":[["BTCUSDT","much",1,"mark_price"]]}'])
      expect(await redis.publish('quantum:portfolio_intelligence:marks', text)).toBe(2);
    redis.disconnect();
    desk.exchange.price('BTCUSDT', '68200.5');
    for (const replica of [service, second])
      await eventually(async () =>
        expect((await snapshotOf(replica)).positions).toMatchObject([{ current_price: '68200.5' }]),
      );
  });

  test('the one that takes over leaves an exchange alone that has banned the first', async () => {
    const { exchange, stack } = desk;
    exchange.fail('/fapi/v1/premiumIndex', { status: 418, retryAfter: 6, body: '{"code":-1003,"msg":"no"}' });
    await eventually(async () => expect((await desk.health()).message).toContain('banned'));
    const since = Date.now();
    await eventually(async () =>
      expect(await stack.database.query('SELECT kind FROM exchange_closings')).toEqual([{ kind: 'banned' }]),
    );
    await stack.service.kill9();
    const asked = exchange.asked.length;
    await eventually(async () => expect(await exchangeOf(second)).toContain('banned'));
    await eventually(() => expect(exchange.asked.length).toBeGreaterThan(asked), { timeoutMs: 20_000 });
    expect(Date.now() - since).toBeGreaterThan(4_500);
    await stack.startAgain();
    await second.stop();
    await eventually(async () => expect((await desk.health()).status).toBe('healthy'));
    second = await startSecond();
  });

  test('the other takes over when the first dies, and goes on where history was left', async () => {
    const { exchange, stack } = desk;
    await stack.service.kill9();
    exchange.fill({ symbol: 'BTCUSDT', side: 'SELL', qty: '0.01', price: '69000', fee: '0.3' });
    await eventually(async () => expect(await exchangeOf(second)).toMatch(/^testnet; last read \d+ s ago$/));
    // (69 000 − 68 000) × 0.01 − 0.3 = 9.7.
    await eventually(async () => {
      const { cash_balance, positions } = await snapshotOf(second);
      expect([cash_balance, positions]).toEqual(['1009.7', []]);
    });
    const rows = await stack.database.query<{ kind: string }>('SELECT kind FROM ledger ORDER BY version');
    expect(rows.map(({ kind }) => kind)).toEqual([
      'account.reconciliation',
      'order.executed',
      'order.executed',
    ]);
  });
});

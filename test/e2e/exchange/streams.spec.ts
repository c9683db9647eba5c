import { eventually } from '../../support/eventually.js';
import type { ExchangeDesk } from '../../support/exchange-desk.js';
import { startExchangeDesk } from '../../support/exchange-desk.js';

let desk: ExchangeDesk;
/** The account is read once a minute: what is seen sooner came by the streams, or because of them. */
beforeAll(async () => {
  const env = { PORTFOLIO_BINANCE_SYNC_SEC: '60', PORTFOLIO_BINANCE_KEEPALIVE_SEC: '1' };
  desk = await startExchangeDesk({ wallet: '1000' }, env);
  await eventually(async () => expect((await desk.health()).status).toBe('healthy'));
});
afterAll(() => desk?.stop());

const puts = () => desk.exchange.asked.filter((name) => name === 'PUT /fapi/v1/listenKey').length;

async function followsTheExchange(): Promise<void> {
  const { ledger } = desk.exchange;
  await eventually(async () => expect((await desk.snapshot()).cash_balance).toBe(ledger.wallet.toString()));
}

describe('the user stream', () => {
  test('keeps its listen key alive', async () => {
    const before = puts();
    await eventually(() => expect(puts()).toBeGreaterThan(before + 1));
    expect(desk.exchange.streams.connections).toBe(1);
  });

  test('gets another key when the exchange has forgotten the one it had, and reads what it missed', async () => {
    const { exchange } = desk;
    exchange.streams.forgetKey();
    exchange.fill({ symbol: 'BTCUSDT', side: 'BUY', qty: '0.01', price: '68000', fee: '0.272' });
    await eventually(() => expect(exchange.streams.connected).toBe(1));
    await followsTheExchange();
  });

  test('is connected again when its line is dead and says nothing', async () => {
    const { exchange } = desk;
    exchange.streams.freeze();
    exchange.fill({ symbol: 'BTCUSDT', side: 'SELL', qty: '0.01', price: '68100', fee: '0.2724' });
    await eventually(() => expect(exchange.streams.connected).toBe(1));
    await followsTheExchange();
    expect(desk.stack.service.logs()).toContain('the user stream is lost (silent)');
    const metrics = (await desk.stack.service.get('/metrics')).text;
    expect(metrics).toMatch(/portfolio_exchange_reconnects_total\{stream="user"\} [1-9]/);
  });

  test('has history read at once for money that moved without a fill', async () => {
    desk.exchange.transfer('25');
    await followsTheExchange();
  });
});

test('the stream of marks with a message that cannot be read goes on, and nobody reads the whole account for it', async () => {
  const { exchange, stack } = desk;
  const reads = () => exchange.asked.filter((name) => name === 'GET /fapi/v1/premiumIndex').length;
  exchange.fill({ symbol: 'ETHUSDT', side: 'BUY', qty: '1', price: '3400' });
  await followsTheExchange();
  const before = reads();
  for (const price of ['3451', '3452', '3453', '3454', '3455', '3456']) {
    exchange.streams.tellRaw('[{"s":"ETHUSDT","p":"much"}]', 'marks');
    exchange.price('ETHUSDT', price);
    await eventually(async () =>
      expect((await desk.snapshot()).positions).toMatchObject([{ current_price: price }]),
    );
  }
  expect(stack.service.logs()).toContain('cannot be read and is left to the next');
  // Readings of their own accord may fall in this time, but not one for every message.
  expect(reads() - before).toBeLessThan(6);
});

test('with trades as the source fills are recorded and move nothing, and funding is booked', async () => {
  const trading = await startExchangeDesk(
    { wallet: '1000' },
    { PORTFOLIO_POSITION_SOURCE: 'trades', PORTFOLIO_RECONCILE: 'report', PORTFOLIO_INITIAL_CASH: '1000' },
  );
  try {
    await eventually(async () => expect((await trading.health()).status).toBe('healthy'));
    trading.exchange.fill({ symbol: 'BTCUSDT', side: 'BUY', qty: '0.01', price: '68000', fee: '0.272' });
    trading.exchange.funding('BTCUSDT', '-0.5');
    await eventually(async () => expect((await trading.snapshot()).realized_pnl_today).toBe('-0.5'));
    await trading.synced(1);
    const { positions, cash_balance } = await trading.snapshot();
    expect([positions, cash_balance]).toEqual([[], '999.5']);
    const rows = await trading.stack.database.query<{ kind: string }>(
      'SELECT kind FROM ledger ORDER BY kind',
    );
    expect(rows.map(({ kind }) => kind)).toEqual([
      'account.cash_flow',
      'account.cash_flow',
      'order.executed',
    ]);
  } finally {
    await trading.stop();
  }
});

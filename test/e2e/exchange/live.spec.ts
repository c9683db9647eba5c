import { eventually } from '../../support/eventually.js';
import type { ExchangeDesk } from '../../support/exchange-desk.js';
import { startExchangeDesk } from '../../support/exchange-desk.js';

let desk: ExchangeDesk;
beforeAll(async () => {
  desk = await startExchangeDesk({ wallet: '3902.68617702' });
});
afterAll(() => desk?.stop());

describe('a service with the keys of an exchange', () => {
  test('takes the first wallet as the opening', async () => {
    await eventually(async () => expect((await desk.snapshot()).cash_balance).toBe('3902.68617702'));
    expect((await desk.snapshot()).realized_pnl_today).toBe('0');
  });

  test('says in health that it reads the testnet, and when it did', async () => {
    await eventually(async () =>
      expect(await desk.health()).toMatchObject({ name: 'exchange', status: 'healthy' }),
    );
    expect((await desk.health()).message).toMatch(/^testnet; last read \d+ s ago$/);
  });

  test('moves positions, wallet and PnL with live fills', async () => {
    desk.exchange.fill({ symbol: 'BTCUSDT', side: 'BUY', qty: '0.02', price: '68000', fee: '0.544' });
    desk.exchange.fill({ symbol: 'BTCUSDT', side: 'SELL', qty: '0.01', price: '69000', fee: '0.276' });
    // (69 000 − 68 000) × 0.01 = 10; 10 − 0.544 − 0.276 = 9.18.
    await eventually(async () => {
      const { positions, cash_balance, realized_pnl_today } = await desk.snapshot();
      expect(positions).toMatchObject([
        { symbol: 'BTCUSDT', side: 'LONG', size: '0.01', entry_price: '68000' },
      ]);
      expect([cash_balance, realized_pnl_today]).toEqual(['3911.86617702', '9.18']);
    });
  });

  test('values them at the mark price of the exchange', async () => {
    desk.exchange.price('BTCUSDT', '70123.45');
    await eventually(async () =>
      expect((await desk.snapshot()).positions).toMatchObject([
        { current_price: '70123.45', price_source: 'mark_price' },
      ]),
    );
  });

  test('books funding and transfers under the id that history gives', async () => {
    desk.exchange.funding('BTCUSDT', '-1.25');
    desk.exchange.transfer('500');
    await eventually(async () => {
      const { cash_balance, realized_pnl_today } = await desk.snapshot();
      // 3911.86617702 − 1.25 + 500; the transfer was not earned.
      expect([cash_balance, realized_pnl_today]).toEqual(['4410.61617702', '7.93']);
    });
  });

  test('books nothing twice however often the account is read', async () => {
    await desk.synced(2);
    const { cash_balance, realized_pnl_today } = await desk.snapshot();
    expect([cash_balance, realized_pnl_today]).toEqual(['4410.61617702', '7.93']);
    const rows = await desk.stack.database.query<{ kind: string; count: string }>(
      `SELECT kind, count(*)::text FROM ledger GROUP BY kind ORDER BY kind`,
    );
    expect(rows).toEqual([
      { kind: 'account.cash_flow', count: '2' },
      { kind: 'account.reconciliation', count: '1' },
      { kind: 'order.executed', count: '2' },
    ]);
  });

  test('tells neither key nor secret nor listen key in its log, health or metrics', async () => {
    const { key, secret, streams } = desk.exchange;
    const metrics = (await desk.stack.service.get('/metrics')).text;
    const told = desk.stack.service.logs() + metrics + (await desk.stack.service.get('/health')).text;
    expect(metrics).toContain('portfolio_exchange_weight_used');
    for (const hidden of [key, secret, streams.listenKey!]) expect(told).not.toContain(hidden);
  });
});

import { eventually } from '../../support/eventually.js';
import type { ExchangeDesk } from '../../support/exchange-desk.js';
import { startExchangeDesk } from '../../support/exchange-desk.js';

let desk: ExchangeDesk;
beforeAll(async () => {
  desk = await startExchangeDesk({ wallet: '1000' });
  await eventually(async () => expect((await desk.snapshot()).cash_balance).toBe('1000'));
});
afterAll(() => desk?.stop());
afterEach(() => {
  desk.exchange.faults.clear();
  desk.exchange.historyLagMs = 0;
});

/** Ours is the wallet of the exchange, and after two more readings nothing but the opening was ever booked to make it so. */
async function isExplained(): Promise<void> {
  const wallet = desk.exchange.ledger.wallet.toString();
  await eventually(async () => expect((await desk.snapshot()).cash_balance).toBe(wallet));
  await desk.synced(2);
  expect((await desk.snapshot()).cash_balance).toBe(wallet);
  const rows = await desk.stack.database.query<{ fact: string }>(
    `SELECT fact FROM ledger WHERE kind = 'account.reconciliation' ORDER BY version`,
  );
  expect(rows.map(({ fact }) => (JSON.parse(fact) as { opening: boolean }).opening)).toEqual([true]);
}

describe('the wallet is not explained by a guess', () => {
  test('when fills happen while the account is read', async () => {
    const { exchange } = desk;
    exchange.fail('/fapi/v2/account', { lagMs: 150 }, 1_000);
    for (let n = 0; n < 12; n += 1) {
      const side = n % 2 === 0 ? 'BUY' : 'SELL';
      exchange.fill({ symbol: 'BTCUSDT', side, qty: '0.01', price: String(68_000 + n), fee: '0.272' });
      const asked = exchange.asked.length;
      await eventually(() => expect(exchange.asked.length).toBeGreaterThan(asked), { everyMs: 5 });
    }
    exchange.faults.clear();
    await isExplained();
  });

  test('when history shows a payment later than the wallet does', async () => {
    const { exchange } = desk;
    exchange.historyLagMs = 2_500;
    exchange.funding('BTCUSDT', '-3.21');
    exchange.transfer('40');
    await isExplained();
  });

  test('when the exchange pays what has no kind of its own: that is performance, once', async () => {
    const { exchange, stack } = desk;
    exchange.ledger.other('COMMISSION_REBATE', '0.5');
    exchange.ledger.other('REFERRAL_KICKBACK', '0.25');
    await eventually(async () =>
      expect((await desk.snapshot()).cash_balance).toBe(exchange.ledger.wallet.toString()),
    );
    const rows = await stack.database.query<{ fact: string }>(
      `SELECT fact FROM ledger WHERE kind = 'account.reconciliation' ORDER BY version`,
    );
    expect(rows.map(({ fact }) => (JSON.parse(fact) as { difference: string }).difference)).toEqual([
      '1000',
      '0.75',
    ]);
  });

  test('and charges that no fill carries are fees', async () => {
    const { exchange, stack } = desk;
    exchange.ledger.other('INSURANCE_CLEAR', '-2');
    await eventually(async () => {
      const rows = await stack.database.query<{ fact: string }>(
        `SELECT fact FROM ledger WHERE kind = 'account.cash_flow' AND fact LIKE '%"FEE"%'`,
      );
      expect(rows).toHaveLength(1);
    });
  });
});

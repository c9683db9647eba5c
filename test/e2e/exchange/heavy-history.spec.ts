import { eventually } from '../../support/eventually.js';
import type { ExchangeDesk } from '../../support/exchange-desk.js';
import { startExchangeDesk } from '../../support/exchange-desk.js';

const HOUR_MS = 3_600_000;
const FILLS = 6_000;

/** So many fills of nine hours cost about three times the weights that there are in a minute, which is a second here. */
describe('a hole that is too heavy for the weights of a minute', () => {
  let desk: ExchangeDesk;
  beforeAll(async () => {
    const options = { wallet: '50000', aheadMs: -10 * HOUR_MS, weightLimit: 150, minuteMs: 1_000 };
    desk = await startExchangeDesk(options);
    await eventually(async () => expect((await desk.snapshot()).cash_balance).toBe('50000'));
  });
  afterAll(() => desk?.stop());

  test('is taken in shorter steps, whole and once', async () => {
    const { exchange, stack } = desk;
    await stack.service.kill9();
    const began = exchange.now();
    exchange.advance(9 * HOUR_MS);
    for (let n = 0; n < FILLS; n += 1) {
      const at = began + 1_000 + Math.floor((n * 8.9 * HOUR_MS) / FILLS);
      const side = n % 2 === 0 ? 'BUY' : 'SELL';
      exchange.ledger.fill({
        symbol: 'BTCUSDT',
        side,
        qty: '0.5',
        price: String(68_000 + (n % 7)),
        fee: '0.01',
        at,
      });
    }
    await stack.startAgain();
    await eventually(
      async () => expect((await desk.snapshot()).cash_balance).toBe(exchange.ledger.wallet.toString()),
      { timeoutMs: 90_000, everyMs: 500 },
    );
    const rows = await stack.database.query<{ kind: string; count: number }>(
      `SELECT kind, count(*)::int FROM ledger GROUP BY kind ORDER BY kind`,
    );
    expect(rows).toEqual([
      { kind: 'account.reconciliation', count: 1 },
      { kind: 'order.executed', count: FILLS },
    ]);
    await eventually(async () => expect((await desk.health()).status).toBe('healthy'));
  }, 120_000);
});

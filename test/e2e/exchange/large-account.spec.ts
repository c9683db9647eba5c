import { eventually } from '../../support/eventually.js';
import type { ExchangeDesk } from '../../support/exchange-desk.js';
import { startExchangeDesk } from '../../support/exchange-desk.js';
import type { FakeExchange } from '../../support/fake-exchange/fake-exchange.js';

const POSITIONS = 150;
const symbolOf = (n: number) => `COIN${String(n).padStart(3, '0')}USDT`;

function open(exchange: FakeExchange): void {
  for (let n = 0; n < POSITIONS; n += 1)
    exchange.ledger.fill({ symbol: symbolOf(n), side: 'BUY', qty: '1', price: '10', fee: '0' });
}

/** To ask for the fills of so many symbols at once would cost 750 weights, and more than 700 are refused, as they would be of 500 outside. */
describe('an account with more positions than a minute has weights for', () => {
  let desk: ExchangeDesk;
  beforeAll(async () => {
    const env = { PORTFOLIO_BINANCE_SYNC_SEC: '2' };
    desk = await startExchangeDesk({ wallet: '50000', weightLimit: 700, minuteMs: 2_000 }, env, open);
  }, 60_000);
  afterAll(() => desk?.stop());

  test('is read whole, again and again', async () => {
    await eventually(async () => expect((await desk.snapshot()).positions).toHaveLength(POSITIONS), {
      timeoutMs: 30_000,
    });
    const readings = () => desk.exchange.asked.filter((name) => name === 'GET /fapi/v1/premiumIndex').length;
    const before = readings();
    await eventually(() => expect(readings()).toBeGreaterThan(before + 3), { timeoutMs: 60_000 });
    expect(await desk.health()).toMatchObject({ status: 'healthy' });
  }, 120_000);

  test('misses no fill that no income tells of, whosever turn it is', async () => {
    const { exchange, stack } = desk;
    await stack.service.kill9();
    for (const n of [0, 75, POSITIONS - 1])
      exchange.ledger.fill({ symbol: symbolOf(n), side: 'BUY', qty: '0.5', price: '11', fee: '0' });
    await stack.startAgain();
    await eventually(
      async () => {
        const rows = await stack.database.query<{ symbol: string }>(
          `SELECT symbol FROM ledger WHERE kind = 'order.executed' ORDER BY symbol`,
        );
        expect(rows.map(({ symbol }) => symbol)).toEqual([0, 75, POSITIONS - 1].map(symbolOf));
      },
      { timeoutMs: 60_000, everyMs: 500 },
    );
    await eventually(async () => expect(await desk.health()).toMatchObject({ status: 'healthy' }));
  }, 90_000);
});

import { eventually } from '../../support/eventually.js';
import type { ExchangeDesk } from '../../support/exchange-desk.js';
import { startExchangeDesk } from '../../support/exchange-desk.js';

const HOUR_MS = 3_600_000;

/** A position was opened an hour before the service began, and funding paid; since then it was extended. */
async function withAPast(
  env: Record<string, string>,
  check: (desk: ExchangeDesk) => Promise<void>,
): Promise<void> {
  const desk = await startExchangeDesk({ wallet: '1000' }, env, (exchange) => {
    const at = exchange.now() - HOUR_MS;
    exchange.ledger.fill({ symbol: 'BTCUSDT', side: 'BUY', qty: '0.01', price: '68000', fee: '0.272', at });
    exchange.ledger.funding('BTCUSDT', '-0.5', at + 1);
  });
  try {
    await eventually(async () => expect((await desk.health()).status).toBe('healthy'));
    // 1000 − 0.272 − 0.5, however much of it is known in detail.
    await eventually(async () => expect((await desk.snapshot()).cash_balance).toBe('999.228'));
    await check(desk);
  } finally {
    await desk.stop();
  }
}

const kindsOf = async ({ stack }: ExchangeDesk) =>
  (await stack.database.query<{ kind: string }>('SELECT kind FROM ledger ORDER BY kind')).map(
    ({ kind }) => kind,
  );

describe('the first start', () => {
  test('books nothing of the past: the first wallet report covers it', () =>
    withAPast({}, async (desk) => {
      await desk.synced(1);
      expect(await kindsOf(desk)).toEqual(['account.reconciliation']);
    }));

  test('takes as much of the past as the setting asks for', () =>
    withAPast({ PORTFOLIO_BINANCE_LOOKBACK_HOURS: '2' }, async (desk) => {
      await desk.synced(1);
      expect(await kindsOf(desk)).toEqual(['account.cash_flow', 'account.reconciliation', 'order.executed']);
      const { positions } = await desk.snapshot();
      expect(positions).toMatchObject([{ symbol: 'BTCUSDT', size: '0.01', entry_price: '68000' }]);
      const pnl = (await desk.stack.service.get('/api/portfolio/pnl?numbers=string')).json();
      expect(pnl['realized_pnl_total']).toBe('-0.772');
    }));
});

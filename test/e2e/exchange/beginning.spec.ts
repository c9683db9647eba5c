import { eventually } from '../../support/eventually.js';
import type { ExchangeDesk } from '../../support/exchange-desk.js';
import { startExchangeDesk } from '../../support/exchange-desk.js';
import { send, settled } from '../../support/streams.js';

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
  test('books nothing of the past: the first reports of wallet and positions cover it', () =>
    withAPast({}, async (desk) => {
      await desk.synced(1);
      expect(await kindsOf(desk)).toEqual(['account.reconciliation', 'position.reconciliation']);
      const { positions } = await desk.snapshot();
      expect(positions).toMatchObject([{ symbol: 'BTCUSDT', size: '0.01', entry_price: '68000' }]);
      const pnl = (await desk.stack.service.get('/api/portfolio/pnl?numbers=string')).json();
      expect(pnl['realized_pnl_total']).toBe('0');
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

  test('believes the exchange itself, and not what others tell of it on the bus', () =>
    withAPast({}, async ({ stack, snapshot, synced }) => {
      const timestamp = String(Math.floor(Date.now() / 1000));
      await send(stack.redis, 'account.balance', 'V8', { balance: '5', positions: '0', timestamp });
      await settled(stack.service, stack.redis);
      await synced(1);
      expect(await snapshot()).toMatchObject({ cash_balance: '999.228', positions: [{ size: '0.01' }] });
      const told = await stack.database.query(
        `SELECT 1 FROM ledger WHERE kind = 'account.reconciliation' OR symbol = 'BTCUSDT'`,
      );
      expect(told).toHaveLength(2);
    }));

  test('does not take the live exchange for the testnet that the account was read on', () =>
    withAPast({}, async ({ exchange, stack, snapshot, health }) => {
      await stack.service.stop();
      exchange.ledger.transfer('5000');
      await stack.startAgain({ PORTFOLIO_USE_TESTNET: 'off' });
      await eventually(async () => expect((await health()).status).toBe('degraded'));
      await eventually(async () => expect((await health()).message).toContain('other_venue'));
      expect((await snapshot()).cash_balance).toBe('999.228');
    }));
});

import { eventually } from '../../support/eventually.js';
import type { ExchangeDesk } from '../../support/exchange-desk.js';
import { startExchangeDesk } from '../../support/exchange-desk.js';

interface Told {
  readonly open: readonly { kind: string; symbol: string; theirs: string }[];
  readonly reconciliation_score: string | null;
  readonly reconciliation_reason: string | null;
}

describe('an account that is never at rest', () => {
  let desk: ExchangeDesk;
  let trading: NodeJS.Timeout;
  beforeAll(async () => {
    const report = { PORTFOLIO_RECONCILE: 'report', PORTFOLIO_INITIAL_CASH: '1000' };
    const env = { ...report, PORTFOLIO_RECONCILE_MAX_AGE_SEC: '3' };
    desk = await startExchangeDesk({ wallet: '1000', minuteMs: 1_000 }, env, ({ ledger }) => {
      ledger.prices.set('ETHUSDT', ledger.wallet);
    });
    await eventually(async () => expect((await told()).reconciliation_score).not.toBeNull());
    // No look is quicker than the next fill.
    desk.exchange.fail('/fapi/v2/account', { lagMs: 80 }, 100_000);
    let n = 0;
    trading = setInterval(() => {
      const side = n % 2 === 0 ? 'BUY' : 'SELL';
      desk.exchange.fill({ symbol: 'BTCUSDT', side, qty: '0.01', price: String(68_000 + n), fee: '0.2' });
      n += 1;
    }, 40);
  });
  afterAll(async () => {
    clearInterval(trading);
    await desk?.stop();
  });

  const told = async (): Promise<Told> =>
    (await desk.stack.service.get('/api/portfolio/reconciliation?numbers=string')).json<Told>();

  test('says so in health, and has no score any more', async () => {
    await eventually(async () =>
      expect(await desk.health()).toMatchObject({
        status: 'degraded',
        message: expect.stringMatching(/not compared as a whole for \d+ s: it is never at rest/) as unknown,
      }),
    );
    await eventually(async () =>
      expect(await told()).toMatchObject({ reconciliation_score: null, reconciliation_reason: 'too_old' }),
    );
    const { warnings } = await desk.snapshot();
    expect(warnings).toContain('reconciliation_stale:positions');
    // The wallet is compared at each moment that it may have been seen at.
    expect(warnings).not.toContain('reconciliation_stale:wallet');
  });

  test('is compared where it stood still', async () => {
    // Nobody tells of this one: neither the stream nor history, only what is held.
    desk.exchange.ledger.positions.set('ETHUSDT', {
      quantity: desk.exchange.ledger.wallet,
      cost: desk.exchange.ledger.wallet,
    });
    await eventually(async () =>
      expect((await told()).open).toContainEqual(
        expect.objectContaining({ kind: 'unknown_position', symbol: 'ETHUSDT' }),
      ),
    );
    desk.exchange.ledger.positions.delete('ETHUSDT');
    await eventually(async () =>
      expect((await told()).open.filter(({ symbol }) => symbol === 'ETHUSDT')).toEqual([]),
    );
    expect((await told()).open.filter(({ symbol }) => symbol === 'BTCUSDT')).toEqual([]);
  });

  test('is whole again as soon as it rests', async () => {
    clearInterval(trading);
    desk.exchange.faults.clear();
    await eventually(async () => expect((await desk.health()).status).toBe('healthy'));
    await eventually(async () => expect((await told()).reconciliation_reason).toBeNull());
  });
});

import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../support/eventually.js';
import { startExchangeDesk } from '../../support/exchange-desk.js';

/** As far as the exchange's clock can be off without being measured again, twice: what an answer on its way takes. */
const LAG_MS = 480;
const FILLS = 40;

test('what happens while the account is read is never taken for a difference, however vague the clock', async () => {
  const desk = await startExchangeDesk({ wallet: '1000' }, {}, (exchange) =>
    exchange.fail('/fapi/v1/time', { lagMs: LAG_MS }, 1_000_000),
  );
  try {
    await eventually(async () => expect((await desk.snapshot()).cash_balance).toBe('1000'));
    for (let i = 0; i < FILLS; i += 1) {
      const side = i % 2 === 0 ? 'BUY' : 'SELL';
      desk.exchange.fill({ symbol: 'BTCUSDT', side, qty: '0.01', price: '68000', fee: '0.25' });
      // Not in step with the readings, which are a second apart.
      await pause(130);
    }
    await desk.synced(2);
    await eventually(async () => {
      const { cash_balance, positions } = await desk.snapshot();
      expect([cash_balance, positions]).toEqual(['990', []]);
    });
    const rows = await desk.stack.database.query(
      `SELECT kind, count(*)::int FROM ledger GROUP BY kind ORDER BY kind`,
    );
    expect(rows).toEqual([
      { kind: 'account.reconciliation', count: 1 },
      { kind: 'order.executed', count: FILLS },
    ]);
  } finally {
    await desk.stop();
  }
});

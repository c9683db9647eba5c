import { eventually } from '../../support/eventually.js';
import type { ExchangeDesk } from '../../support/exchange-desk.js';
import { startExchangeDesk } from '../../support/exchange-desk.js';
import { tradeAnHour } from '../../support/fake-exchange/an-hour.js';

const HOUR_MS = 3_600_000;

let desk: ExchangeDesk;
/** The exchange's clock is hours behind ours, so that hours of trading can be told in a moment. */
beforeAll(async () => {
  desk = await startExchangeDesk({ wallet: '50000', aheadMs: -10 * HOUR_MS });
  await eventually(async () => expect((await desk.snapshot()).cash_balance).toBe('50000'));
});
afterAll(() => desk?.stop());

/** Wallet, realized PnL and positions are those of the exchange, to the last digit, and nothing was booked to make them so. */
async function equalsTheExchange(): Promise<void> {
  const { ledger } = desk.exchange;
  await eventually(
    async () => {
      const { cash_balance, positions } = await desk.snapshot();
      expect(cash_balance).toBe(ledger.wallet.toString());
      const held = [...ledger.positions].map(([symbol, { quantity }]) => ({
        symbol,
        side: quantity.isNegative() ? 'SHORT' : 'LONG',
        size: quantity.abs().toString(),
      }));
      const bySymbol = (a: { symbol: string }, b: { symbol: string }) => (a.symbol < b.symbol ? -1 : 1);
      expect([...positions].sort(bySymbol)).toMatchObject(held.sort(bySymbol));
    },
    { timeoutMs: 15_000 },
  );
  const [pnl] = await desk.stack.database.query<{ realized: string }>(
    'SELECT realized::text FROM pnl_totals',
  );
  expect(pnl!.realized.replace(/\.?0+$/, '')).toBe(ledger.realized().toString());
  await nothingTwice();
}

async function nothingTwice(): Promise<void> {
  const { trades, income } = desk.exchange.ledger;
  const rows = await desk.stack.database.query<{ kind: string; count: number }>(
    `SELECT kind, count(*)::int FROM ledger WHERE kind <> 'account.reconciliation' GROUP BY kind`,
  );
  const flows = income.filter(({ type }) => type === 'FUNDING_FEE' || type === 'TRANSFER');
  expect(Object.fromEntries(rows.map(({ kind, count }) => [kind, count]))).toEqual({
    'account.cash_flow': flows.length,
    'order.executed': trades.length,
  });
  const [more] = await desk.stack.database.query<{ count: number }>(
    `SELECT count(*)::int FROM ledger WHERE kind = 'account.reconciliation'`,
  );
  expect(more!.count).toBe(1);
}

describe('a line that is cut', () => {
  test('loses nothing of an hour of trading, funding and transfers, and books nothing twice', async () => {
    const { exchange } = desk;
    await tradeAnHour(exchange, 'before');
    await equalsTheExchange();
    await exchange.cut();
    await eventually(async () => expect((await desk.health()).message).toContain('unreachable'));
    await tradeAnHour(exchange, 'unseen');
    await exchange.mend();
    await equalsTheExchange();
  });

  test('loses nothing when only the streams are cut', async () => {
    const { exchange } = desk;
    exchange.streams.delivery = 'lost';
    await tradeAnHour(exchange, 'unseen');
    exchange.streams.cut();
    exchange.streams.delivery = 'normal';
    await equalsTheExchange();
  });

  test('loses nothing while the service is killed and started again', async () => {
    const { exchange, stack } = desk;
    await stack.service.kill9();
    await tradeAnHour(exchange, 'unseen');
    await stack.startAgain();
    await equalsTheExchange();
  });
});

describe('messages of the stream', () => {
  test('that come twice count once', async () => {
    desk.exchange.streams.delivery = 'twice';
    await tradeAnHour(desk.exchange, 'twice');
    desk.exchange.streams.delivery = 'normal';
    await equalsTheExchange();
  });

  test('that come in the wrong order end in the same', async () => {
    desk.exchange.streams.delivery = 'reversed';
    await tradeAnHour(desk.exchange, 'reversed');
    desk.exchange.streams.flush();
    desk.exchange.streams.delivery = 'normal';
    await equalsTheExchange();
  });

  test('that cannot be read are asked for', async () => {
    desk.exchange.streams.tellRaw('{"e":"ORDER_TRADE_UPDATE","o":{"t":');
    desk.exchange.streams.tellRaw('{"e":"ACCOUNT_UPDATE","a":{"B":[{"a":"USDT","bc":"much"}]}}');
    await equalsTheExchange();
    expect(desk.stack.service.logs()).toContain('cannot be read and is asked for');
  });
});

describe('the listen key', () => {
  test('is replaced when it expires, and what was missed is read', async () => {
    const { exchange } = desk;
    const before = exchange.streams.connections;
    exchange.streams.expire(exchange.now());
    await tradeAnHour(exchange, 'unseen');
    await eventually(() => expect(exchange.streams.connections).toBeGreaterThan(before));
    await equalsTheExchange();
    await eventually(() => expect(exchange.streams.connected).toBe(1));
    exchange.fill({ symbol: 'SOLUSDT', side: 'BUY', qty: '2', price: '150', fee: '0.12' });
    await equalsTheExchange();
  });
});

describe('pages of history', () => {
  test('are read whole when thousands of payments fall in one millisecond', async () => {
    const { exchange } = desk;
    const at = exchange.now();
    // Twice as many as fit a page, and one more, with no message of any of them.
    for (let n = 0; n <= 2000; n += 1) exchange.ledger.funding('BTCUSDT', '0.01', at);
    await equalsTheExchange();
  });

  test('are read whole when more fills fall in an hour, and in a millisecond, than fit an answer', async () => {
    const { exchange } = desk;
    const now = exchange.now();
    for (let n = 0; n < 1500; n += 1) {
      const side = n % 2 === 0 ? 'BUY' : 'SELL';
      const at = n < 400 ? now - 400 + n : now;
      exchange.ledger.fill({ symbol: 'XRPUSDT', side, qty: '10', price: '0.5', fee: '0.002', at });
    }
    await equalsTheExchange();
  });
});

test('a hole of days is filled step by step: a failure on the way costs its own step and none before it', async () => {
  const days = await startExchangeDesk({ wallet: '1000', aheadMs: -20 * 24 * HOUR_MS });
  try {
    const { exchange } = days;
    await eventually(async () => expect((await days.health()).status).toBe('healthy'));
    // Every fourth reading of history fails, and the hole needs ten.
    for (let n = 0; n < 50; n += 1) {
      exchange.fail('/fapi/v1/income', { lagMs: 0 }, 3);
      exchange.fail('/fapi/v1/income', { status: 503 });
    }
    exchange.advance(10 * 24 * HOUR_MS);
    exchange.funding('BTCUSDT', '-0.5');
    await eventually(async () => expect((await days.snapshot()).cash_balance).toBe('999.5'));
    await eventually(async () => expect((await days.health()).status).toBe('healthy'));
  } finally {
    await days.stop();
  }
});

import { eventually } from '../../support/eventually.js';
import type { ExchangeDesk } from '../../support/exchange-desk.js';
import { startExchangeDesk } from '../../support/exchange-desk.js';
import type { Fault } from '../../support/fake-exchange/faults.js';

const HOUR_MS = 3_600_000;
const NO_AMOUNT = JSON.stringify({
  totalWalletBalance: 'NaN',
  availableBalance: '1',
  totalInitialMargin: '0',
  totalUnrealizedProfit: '0',
  assets: [{ asset: 'USDT', walletBalance: 'NaN' }],
});

describe('an exchange that is not well', () => {
  let desk: ExchangeDesk;
  beforeAll(async () => {
    desk = await startExchangeDesk({ wallet: '1000' });
    await eventually(async () => expect((await desk.health()).status).toBe('healthy'));
  });
  afterAll(() => desk?.stop());
  afterEach(() => desk.exchange.faults.clear());

  /** The fault is met and named, no number changes by it, and when it is over the service goes on by itself. */
  async function survives(path: string, fault: Fault, kind: string): Promise<void> {
    const { exchange } = desk;
    const before = (await desk.snapshot()).cash_balance;
    exchange.fail(path, fault, 1_000);
    await eventually(async () => expect(await desk.health()).toMatchObject({ status: 'degraded' }));
    expect((await desk.health()).message).toContain(kind);
    expect((await desk.snapshot()).cash_balance).toBe(before);
    exchange.faults.clear();
    exchange.ledger.transfer('1');
    await eventually(async () => expect((await desk.health()).status).toBe('healthy'));
    await eventually(async () =>
      expect((await desk.snapshot()).cash_balance).toBe(exchange.ledger.wallet.toString()),
    );
  }

  test.each<[string, string, Fault, string]>([
    ['fails with 503', '/fapi/v2/account', { status: 503 }, 'server_error'],
    ['answers with a page of HTML', '/fapi/v2/positionRisk', 'html', 'bad_answer'],
    ['cuts its JSON', '/fapi/v1/income', 'cut_json', 'bad_answer'],
    ['sends less than it announced', '/fapi/v2/account', 'truncated', 'bad_answer'],
    ['hangs up', '/fapi/v1/premiumIndex', 'reset', 'unreachable'],
    [
      'answers with JSON of something else',
      '/fapi/v2/account',
      { status: 200, body: '{"status":"ok"}' },
      'bad_answer',
    ],
    [
      'answers with amounts that are none',
      '/fapi/v2/account',
      { status: 200, body: NO_AMOUNT },
      'bad_answer',
    ],
    ['knows no such address', '/fapi/v2/account', { status: 404 }, 'bad_answer'],
  ])('that %s changes no number and is read again', (_what, path, fault, kind) =>
    survives(path, fault, kind),
  );

  test('that limits us is left alone for as long as it says', async () => {
    const { exchange } = desk;
    exchange.fail('/fapi/v2/account', {
      status: 429,
      retryAfter: 2,
      body: '{"code":-1003,"msg":"Too many"}',
    });
    await eventually(async () => expect((await desk.health()).message).toContain('rate_limited'));
    const asked = exchange.asked.length;
    const since = Date.now();
    await eventually(() => expect(exchange.asked.length).toBeGreaterThan(asked));
    expect(Date.now() - since).toBeGreaterThan(1_000);
    await eventually(async () => expect((await desk.health()).status).toBe('healthy'));
  });

  test('that has banned us is not asked until the ban ends', async () => {
    const { exchange } = desk;
    exchange.fail('/fapi/v1/premiumIndex', {
      status: 418,
      retryAfter: 2,
      body: '{"code":-1003,"msg":"banned"}',
    });
    await eventually(async () => expect((await desk.health()).message).toContain('banned'));
    const asked = exchange.asked.length;
    const since = Date.now();
    await eventually(() => expect(exchange.asked.length).toBeGreaterThan(asked));
    expect(Date.now() - since).toBeGreaterThan(1_000);
    await eventually(async () => expect((await desk.health()).status).toBe('healthy'));
  });

  test('whose answers cannot be kept is not called healthy, though it does nothing wrong', async () => {
    const { stack, exchange } = desk;
    const rename = (from: string, to: string) => stack.database.query(`ALTER TABLE ${from} RENAME TO ${to}`);
    await rename('exchange_cursors', 'exchange_cursors_away');
    try {
      await eventually(async () => expect((await desk.health()).status).toBe('degraded'));
      expect((await desk.health()).message).toMatch(/^testnet; last read \d+ s ago$/);
    } finally {
      await rename('exchange_cursors_away', 'exchange_cursors');
    }
    exchange.ledger.transfer('1');
    await eventually(async () => expect((await desk.health()).status).toBe('healthy'), { timeoutMs: 20_000 });
    await eventually(async () =>
      expect((await desk.snapshot()).cash_balance).toBe(exchange.ledger.wallet.toString()),
    );
  });

  test('whose clock jumps is asked for the time, and read on', async () => {
    const { exchange } = desk;
    exchange.advance(90_000);
    exchange.fill({ symbol: 'ETHUSDT', side: 'BUY', qty: '1', price: '3400', fee: '1.36' });
    await eventually(async () =>
      expect((await desk.snapshot()).cash_balance).toBe(exchange.ledger.wallet.toString()),
    );
    await desk.synced(1);
    expect((await desk.health()).status).toBe('healthy');
    // Its marks are dated by its clock, and count by ours.
    exchange.price('ETHUSDT', '3456.7');
    await eventually(async () => expect((await desk.snapshot()).positions[0]!.current_price).toBe('3456.7'));
  });
});

test('what happened while our clock was behind waits until it is right, and is not set aside for good', async () => {
  const desk = await startExchangeDesk({ wallet: '1000' });
  const { exchange, stack } = desk;
  try {
    await eventually(async () => expect((await desk.health()).status).toBe('healthy'));
    // As if our clock had jumped back by ten minutes.
    exchange.advance(600_000);
    const trade = exchange.fill({ symbol: 'BTCUSDT', side: 'BUY', qty: '0.01', price: '68000', fee: '0.3' });
    await eventually(async () => expect((await desk.health()).message).toContain('clock'));
    const asked = exchange.asked.length;
    await eventually(() => expect(exchange.asked.length).toBeGreaterThan(asked + 2));
    expect(await stack.database.query('SELECT code FROM quarantine')).toEqual([]);
    expect((await desk.snapshot()).positions).toEqual([]);
    // It is set right: what happened ten minutes ahead of it happened now.
    exchange.advance(-600_000);
    for (const row of [trade, ...exchange.ledger.income]) Object.assign(row, { at: row.at - 600_000 });
    await eventually(
      async () => expect((await desk.snapshot()).positions).toMatchObject([{ size: '0.01' }]),
      {
        timeoutMs: 20_000,
      },
    );
    await eventually(async () => expect((await desk.snapshot()).cash_balance).toBe('999.7'));
  } finally {
    await desk.stop();
  }
});

test('an exchange whose clock is far ahead of ours is not believed, and said so', async () => {
  const desk = await startExchangeDesk({ aheadMs: HOUR_MS });
  try {
    await eventually(async () => expect((await desk.health()).message).toContain('never read; clock'));
    expect((await desk.snapshot()).warnings).toEqual(['wallet_unknown', 'exchange_unreachable:clock']);
    expect(await desk.stack.database.query('SELECT * FROM ledger')).toEqual([]);
  } finally {
    await desk.stop();
  }
});

test('an exchange that is an hour behind us is read like any other', async () => {
  const desk = await startExchangeDesk({ aheadMs: -HOUR_MS, wallet: '77' });
  try {
    await eventually(async () => expect((await desk.snapshot()).cash_balance).toBe('77'));
  } finally {
    await desk.stop();
  }
});

import { eventually } from '../support/eventually.js';
import { newest, now, opened, sent, tick } from '../support/outbound.js';
import { startStack, type Stack } from '../support/stack.js';
import { send, settled } from '../support/streams.js';

type Body = Record<string, unknown>;

const TYPES = [
  'portfolio.snapshot_updated',
  'portfolio.pnl_updated',
  'portfolio.drawdown_updated',
  'portfolio.exposure_updated',
] as const;

const FIELDS: Record<(typeof TYPES)[number], string[]> = {
  'portfolio.snapshot_updated': [
    ...[
      'total_equity',
      'cash_balance',
      'total_exposure',
      'num_positions',
      'unrealized_pnl',
      'realized_pnl_today',
    ],
    ...['daily_drawdown_pct', 'positions', 'daily_pnl'],
    // What the federation reads.
    ...['total_exposure_usd', 'win_rate_today', 'drawdown_pct', 'max_drawdown_pct'],
  ],
  'portfolio.pnl_updated': [
    ...[
      'realized_pnl_today',
      'realized_pnl_total',
      'unrealized_pnl',
      'daily_pnl',
      'weekly_pnl',
      'monthly_pnl',
    ],
  ],
  'portfolio.drawdown_updated': [
    ...['daily_drawdown_pct', 'weekly_drawdown_pct', 'max_drawdown_pct', 'peak_equity', 'current_equity'],
  ],
  'portfolio.exposure_updated': [
    ...['total_exposure', 'exposure_by_symbol', 'exposure_by_sector'],
    ...['long_exposure', 'short_exposure', 'net_exposure'],
  ],
};
const EVERY_PAYLOAD = ['account_id', 'event_id', 'version', 'timestamp'];
const ISO_WITH_OFFSET = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)$/;

describe('what goes out', () => {
  let stack: Stack;

  beforeAll(async () => {
    // The heartbeat is far away, so that what is sent was sent for a reason.
    stack = await startStack({ env: { PORTFOLIO_HEARTBEAT_SEC: '3600' } });
    const deposit = { event_id: 'start', type: 'DEPOSIT', amount: '1000', timestamp: now() };
    await send(stack.redis, 'account.cash_flow', 'V1', deposit);
    await settled(stack.service, stack.redis);
    await send(stack.redis, 'trade.opened', 'V1', opened('t1', 'BTCUSDT'));
    await settled(stack.service, stack.redis);
    const close = {
      trade_id: 't1',
      symbol: 'BTCUSDT',
      side: 'LONG',
      exit_price: '110',
      quantity: '1',
      timestamp: now(),
    };
    await send(stack.redis, 'trade.closed', 'V1', close);
    await settled(stack.service, stack.redis);
    await eventually(async () =>
      expect(await newest(stack, TYPES[0])).toMatchObject({ realized_pnl_today: 10 }),
    );
  });
  afterAll(() => stack.stop());

  test.each(TYPES)('%s has the envelope that the neighbours read', async (type) => {
    await eventually(async () => expect((await sent(stack, type)).length).toBeGreaterThan(0));
    for (const { entry } of await sent(stack, type)) {
      expect(entry).toEqual({
        event_type: type,
        payload: expect.any(String),
        trace_id: '',
        correlation_id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$/),
        source: 'portfolio_intelligence',
      });
    }
  });

  test.each(TYPES)('%s has the fields of the contract', async (type) => {
    for (const { payload } of await sent(stack, type)) {
      expect(Object.keys(payload)).toEqual(expect.arrayContaining([...FIELDS[type], ...EVERY_PAYLOAD]));
      expect(payload['account_id']).toBe('main');
      expect(payload['timestamp']).toMatch(ISO_WITH_OFFSET);
    }
  });

  test('the values are those of the routes, as JSON numbers', async () => {
    expect(await newest(stack, 'portfolio.snapshot_updated')).toMatchObject({
      total_equity: 1010,
      cash_balance: 1010,
      total_exposure: 100,
      total_exposure_usd: 100,
      num_positions: 1,
      unrealized_pnl: 0,
      realized_pnl_today: 10,
      daily_pnl: 10,
    });
    expect(await newest(stack, 'portfolio.pnl_updated')).toMatchObject({
      realized_pnl_total: 10,
      weekly_pnl: 10,
    });
    expect(await newest(stack, 'portfolio.exposure_updated')).toMatchObject({
      exposure_by_symbol: { BTCUSDT: 100 },
      exposure_by_sector: { L1: 100 },
      short_exposure: 0,
    });
    expect(await newest(stack, 'portfolio.drawdown_updated')).toMatchObject({
      peak_equity: 1010,
      current_equity: 1010,
    });
  });

  test.each(TYPES)('%s: a version is first told by the event that names the one before it', async (type) => {
    let before: unknown = 0;
    for (const { payload } of await sent(stack, type)) {
      if (payload['version'] !== before) expect(payload).toMatchObject({ previous_version: before });
      before = payload['version'];
    }
    expect(before).toBe(3);
  });

  test.each(TYPES)('%s: an older state is never told after a newer one', async (type) => {
    const times = (await sent(stack, type)).map(({ payload }) => String(payload['timestamp']));
    expect(times).toEqual([...times].sort());
  });

  test('an event_id stands for one content only', async () => {
    const contents = new Map<unknown, string>();
    for (const type of TYPES)
      for (const { payload } of await sent(stack, type)) {
        const known = contents.get(payload['event_id']);
        expect(known ?? JSON.stringify([type, payload])).toBe(JSON.stringify([type, payload]));
        contents.set(payload['event_id'], JSON.stringify([type, payload]));
      }
    expect(contents.size).toBeGreaterThanOrEqual(3 * TYPES.length);
  });

  test('a trade goes out at once, not with the next interval', async () => {
    // An interval that no machine is too slow for, and no heartbeat.
    const env = { PORTFOLIO_HEARTBEAT_SEC: '3600', PORTFOLIO_PUBLISH_INTERVAL_MS: '60000' };
    const patient = await startStack({ env });
    try {
      await send(patient.redis, 'trade.opened', 'V8', opened('t1', 'ETHUSDT'));
      await eventually(
        async () => expect(await newest(patient, TYPES[0])).toMatchObject({ num_positions: 1 }),
        { timeoutMs: 20_000 },
      );
    } finally {
      await patient.stop();
    }
  });

  test('a price right behind a trade goes out as well', async () => {
    for (let price = 101; price <= 105; price += 1) {
      await send(stack.redis, 'trade.opened', 'V8', opened(`r${price}`, 'XRPUSDT'));
      await settled(stack.service, stack.redis);
      await tick(stack, 'XRPUSDT', String(price));
      await eventually(
        async () => {
          const positions = (await newest(stack, 'portfolio.snapshot_updated'))['positions'] as Body[];
          expect(positions.find(({ symbol }) => symbol === 'XRPUSDT')).toMatchObject({
            current_price: price,
          });
        },
        { timeoutMs: 10_000 },
      );
    }
  });

  test('an emergency stop is answered with drawdown and exposure at once', async () => {
    const count = async (type: string): Promise<number> => (await sent(stack, type)).length;
    const [drawdowns, exposures] = [await count(TYPES[2]), await count(TYPES[3])];
    const tripped = { reason: 'Daily drawdown 6.20% >= 5.00%', trip_time: now() };
    await send(stack.redis, 'ess.tripped', 'V1', tripped);
    await eventually(async () => {
      expect(await count(TYPES[2])).toBeGreaterThan(drawdowns);
      expect(await count(TYPES[3])).toBeGreaterThan(exposures);
    });
  });

  test('prices are conflated to one event an interval, and the newest price wins', async () => {
    const first = (await sent(stack, TYPES[0])).length;
    const [started, span] = [Date.now(), 3_500];
    let price = 100;
    await eventually(
      async () => {
        price += 1;
        await tick(stack, 'BTCUSDT', String(price));
        expect(Date.now() - started).toBeGreaterThan(span);
      },
      { timeoutMs: span + 5_000, everyMs: 20 },
    );
    await eventually(async () => {
      const snapshot = await newest(stack, TYPES[0]);
      const positions = snapshot['positions'] as Body[];
      expect(positions.find(({ symbol }) => symbol === 'BTCUSDT')).toMatchObject({ current_price: price });
    });
    const intervals = Math.ceil((Date.now() - started) / 1_000);
    const events = (await sent(stack, TYPES[0])).length - first;
    expect(events).toBeGreaterThanOrEqual(2);
    expect(events).toBeLessThanOrEqual(intervals + 1);
  }, 30_000);
});

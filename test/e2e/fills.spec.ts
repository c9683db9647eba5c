import { Num, type PayloadValue } from '../support/envelope.js';
import { eventually } from '../support/eventually.js';
import { fillDayOf, sendFill, type FillMessage } from '../support/generate-fills.js';
import { Random } from '../support/generate-random.js';
import { answersOfFills } from '../support/oracle-fills.js';
import { sent, type Sent } from '../support/outbound.js';
import { shuffledWithRepeats, tellFrom } from '../support/send-facts.js';
import { shownBy, shownFrom } from '../support/shown.js';
import { startStack, type Stack } from '../support/stack.js';
import { settled } from '../support/streams.js';

type Body = Record<string, unknown>;

const FILLS = { PORTFOLIO_POSITION_SOURCE: 'fills' };
const END = Date.now() - 120_000;
const DAYS = { end: END, durationMs: 60 * 3_600_000, orders: 90 };

async function read(stack: Stack, route: string, account = 'main'): Promise<Body> {
  return (await stack.service.get(`/api/portfolio/${route}?numbers=string&account=${account}`)).json();
}

describe.each([
  ['netting', {}],
  ['hedge', { PORTFOLIO_POSITION_MODE: 'hedge' }],
] as const)('fills as the source, %s', (mode, env) => {
  const day = fillDayOf({ ...DAYS, seed: mode === 'netting' ? 11 : 12, mode });
  const facts = day.filter(({ unpriced }) => !unpriced).map(({ fact }) => fact);
  const expected = answersOfFills(facts, mode);
  const random = new Random(99);
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack({ env: { ...FILLS, ...env } });
    await sendAll('in-order', day);
    await sendAll('shuffled', shuffledWithRepeats(day, random));
    await settled(stack.service, stack.redis);
  }, 120_000);
  afterAll(() => stack.stop());

  async function sendAll(account: string, messages: readonly FillMessage[]): Promise<void> {
    for (const message of messages) await sendFill(stack.redis, message, random, account);
  }

  test('the day has what can go wrong: flat again, both sides, unknown prices', () => {
    expect(expected.closedTrades).toBeGreaterThan(5);
    expect(expected.num_positions).toBeGreaterThan(mode === 'netting' ? 1 : 3);
    expect(day.filter(({ unpriced }) => unpriced).length).toBeGreaterThan(5);
  });

  test.each(['in-order', 'shuffled'])('sent %s: every number is that of the oracle', async (account) => {
    await eventually(async () =>
      expect(await shownBy(stack.service, account)).toEqual(shownFrom(expected, new Date())),
    );
  });

  test.each(['in-order', 'shuffled'])('sent %s: realized PnL stands in its own day', async (account) => {
    const days = [...expected.realizedByDay].map(([day, amount]) => ({ day, realized: amount.toString() }));
    const sql = 'SELECT day::text, realized::text FROM pnl_days WHERE account_id = $1 ORDER BY day';
    const sorted = days.sort((first, second) => (first.day < second.day ? -1 : 1));
    expect(await stack.database.query(sql, [account])).toEqual(sorted);
    expect(days.length).toBeGreaterThan(1);
  });

  test.each(['positions', 'symbol_books'])('the order of arrival leaves no trace in %s', async (table) => {
    const sql = `SELECT to_jsonb(t) - 'account_id' AS row FROM ${table} t WHERE account_id = $1 ORDER BY 1`;
    const [inOrder, shuffled] = ['in-order', 'shuffled'].map((name) => stack.database.query(sql, [name]));
    expect(await shuffled).toEqual(await inOrder);
    expect(await inOrder).not.toEqual([]);
  });

  test('nothing was refused', async () => {
    expect(await stack.database.query('SELECT code, message FROM quarantine')).toEqual([]);
  });
});

describe('one fill after the other, by hand', () => {
  let stack: Stack;
  let account = '';
  let accounts = 0;

  beforeAll(async () => {
    stack = await startStack({ env: { ...FILLS, PORTFOLIO_HEARTBEAT_SEC: '3600' } });
  });
  afterAll(() => stack.stop());
  beforeEach(() => (account = `account-${(accounts += 1)}`));

  async function fill(
    id: number,
    second: number,
    signed: string,
    price: string,
    rest: Body = {},
  ): Promise<void> {
    await tellFrom(stack.redis, 'order.executed', {
      account_id: account,
      order_id: `O-${id}`,
      symbol: 'BTCUSDT',
      side: signed.startsWith('-') ? 'SELL' : 'BUY',
      quantity: new Num(signed.replace('-', '')),
      price: new Num(price),
      timestamp: `2026-02-15T08:00:${String(second).padStart(2, '0')}Z`,
      ...(rest as Record<string, PayloadValue>),
    });
    await settled(stack.service, stack.redis);
  }
  const restated = async (): Promise<Sent[]> =>
    (await sent(stack, 'portfolio.restated')).filter(({ payload }) => payload['account_id'] === account);
  const realized = async (): Promise<unknown> => (await read(stack, 'pnl', account))['realized_pnl_total'];
  const held = async (): Promise<Body[]> => (await read(stack, 'snapshot', account))['positions'] as Body[];

  test('one fill turns a long into a short, its fee split by quantity', async () => {
    await fill(1, 1, '2', '100');
    await fill(2, 2, '-8', '110', { fee: '4' });
    // Closing 2 of 8 earns 2 × 10 − 1; opening 6 costs the other 3.
    expect(await realized()).toBe('16');
    expect(await held()).toMatchObject([{ side: 'SHORT', size: '6', entry_price: '110' }]);
    const trades = (await read(stack, 'trades', account))['trades'] as Body[];
    expect(trades.map(({ status, realized_pnl: pnl }) => [status, pnl])).toEqual([
      ['OPEN', '-3'],
      ['CLOSED', '19'],
    ]);
  });

  test('a fee in the base asset takes from the quantity and shows up in the PnL', async () => {
    await fill(1, 1, '1', '100', { fee: '0.001', fee_currency: 'BTC' });
    expect(await held()).toMatchObject([{ size: '0.999', entry_price: '100' }]);
    await fill(2, 2, '-0.999', '110');
    // Paid 100, got back 109.89.
    expect([await realized(), await held()]).toEqual(['9.89', []]);
  });

  test('a reduction keeps the average and takes its share of the cost, rounded at 18 places', async () => {
    await fill(1, 1, '1', '100');
    await fill(2, 2, '2', '100.000000000000000001');
    await fill(3, 3, '-1', '100');
    // Cost 300.000000000000000002 ÷ 3 = 100.000000000000000000(67), rounded up to …001.
    expect(await realized()).toBe('-0.000000000000000001');
    expect(await held()).toMatchObject([{ size: '2', entry_price: '100' }]);
    await fill(4, 4, '-2', '100');
    expect(await realized()).toBe('-0.000000000000000002');
  });

  test('a late fill is put in its place, and portfolio.restated says from what to what and why', async () => {
    await fill(1, 1, '1', '100');
    await fill(3, 30, '-1', '130');
    expect(await realized()).toBe('30');
    expect(await restated()).toEqual([]);
    await fill(2, 20, '1', '120', { event_id: 'late-one' });
    // Average 110 when one of two was sold at 130.
    expect(await realized()).toBe('20');
    await eventually(async () => expect(await restated()).toHaveLength(1));
    const [{ payload }] = (await restated()) as [Sent];
    expect(payload).toMatchObject({
      symbol: 'BTCUSDT',
      cause: [{ kind: 'order.executed', why: 'late', event_id: 'late-one', version: 3 }],
      before: { long_quantity: 0, realized_pnl: 30 },
      after: { long_quantity: 1, long_cost_basis: 110, realized_pnl: 20 },
      version: 3,
      previous_version: 2,
    });
  });

  test('fills of one moment follow their ids, and a repeat changes nothing', async () => {
    const part = (id: string): Body => ({ order_id: 'O-1', execution_id: id });
    await fill(1, 5, '-1', '120', part('10'));
    await fill(1, 5, '1', '100', part('9'));
    await fill(1, 5, '1', '100.0', part('9'));
    // 9 comes before 10: bought, then sold; the other way round it would be a short of 1 and its purchase.
    expect(await realized()).toBe('20');
    const trades = (await read(stack, 'trades', account))['trades'] as Body[];
    expect(trades).toMatchObject([{ side: 'LONG', status: 'CLOSED' }]);
  });

  test('a corrected fill counts as it should have been told, and a void one not at all', async () => {
    await fill(1, 1, '1', '1000');
    await fill(2, 2, '-1', '130');
    const correct = (order: string, rest: Record<string, PayloadValue>): Promise<string> =>
      tellFrom(stack.redis, 'trade.corrected', {
        ...{ account_id: account, symbol: 'BTCUSDT', timestamp: '2026-02-15T09:00:00Z' },
        ...{ corrects_type: 'order.executed', order_id: order, ...rest },
      });
    const time = '2026-02-15T08:00:01Z';
    const right = {
      order_id: 'O-1',
      symbol: 'BTCUSDT',
      side: 'BUY',
      quantity: '1',
      price: '100',
      timestamp: time,
    };
    await correct('O-1', { replacement: { event_type: 'order.executed', ...right } });
    await settled(stack.service, stack.redis);
    expect([await realized(), await held()]).toEqual(['30', []]);
    await correct('O-2', { action: 'void' });
    await settled(stack.service, stack.redis);
    expect(await held()).toMatchObject([{ side: 'LONG', size: '1', entry_price: '100' }]);
    expect(await realized()).toBe('0');
  });

  test('an execution without a price moves nothing until its price comes', async () => {
    await fill(1, 1, '1', '0.0');
    expect(await held()).toEqual([]);
    await fill(2, 2, '-1', '130');
    expect(await held()).toMatchObject([{ side: 'SHORT', size: '1' }]);
    await fill(1, 1, '1', '100', { fee: '0.5' });
    expect([await realized(), await held()]).toEqual(['29.5', []]);
  });
});

describe('trades as the source, netted in the answer', () => {
  test('one row a symbol earns what both of its sides earn together', async () => {
    const stack = await startStack({ env: { PORTFOLIO_POSITION_MODE: 'netting' } });
    try {
      const open = (id: string, side: string, price: string, quantity: string) =>
        tellFrom(stack.redis, 'trade.opened', {
          ...{ trade_id: id, symbol: 'BTCUSDT', side, entry_price: price, quantity },
          timestamp: '2026-02-15T08:00:00Z',
        });
      await open('long', 'buy', '100', '3');
      await open('short', 'sell', '130', '1');
      await settled(stack.service, stack.redis);
      await tellFrom(stack.redis, 'market.tick', {
        ...{ symbol: 'BTCUSDT', price: '120', timestamp: new Date().toISOString() },
      });
      await eventually(async () => {
        const snapshot = await read(stack, 'snapshot');
        // (120 − 100) × 3 + (130 − 120) × 1; the net cost is 300 − 130 for 2.
        expect(snapshot).toMatchObject({ unrealized_pnl: '70', num_positions: 1 });
        expect(snapshot['positions']).toMatchObject([
          {
            symbol: 'BTCUSDT',
            side: 'LONG',
            size: '2',
            entry_price: '85',
            unrealized_pnl: '70',
            exposure: '240',
          },
        ]);
      });
    } finally {
      await stack.stop();
    }
  });
});

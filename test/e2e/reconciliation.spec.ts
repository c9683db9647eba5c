import { eventually } from '../support/eventually.js';
import { explain, leavesOf, summed } from '../support/explained.js';
import type { ReportedPosition } from '../support/exchange-reports.js';
import { positionsWorth, reportAll, secondsAgo, snapshotOf } from '../support/exchange-reports.js';
import { runToEnd } from '../support/service.js';
import { startStack, type Stack } from '../support/stack.js';
import { send, settled } from '../support/streams.js';

type Body = Record<string, unknown>;

const agoIso = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
const BTC: ReportedPosition = { symbol: 'BTCUSDT', side: 'LONG', quantity: '2', entry: '100', mark: '110' };

let stack: Stack;
const read = async (route: string, account = 'main'): Promise<Body> =>
  (await stack.service.get(`/api/portfolio/${route}?numbers=string&account=${account}`)).json();
const breaks = async (which: 'open' | 'closed') => (await read('reconciliation'))[which] as Body[];

async function open(id: string, second: number, rest: Body = {}): Promise<void> {
  const trade = { trade_id: id, symbol: 'BTCUSDT', side: 'buy', quantity: '2', entry_price: '100' };
  await send(stack.redis, 'trade.opened', 'V1', { ...trade, timestamp: agoIso(second), ...(rest as object) });
  await settled(stack.service, stack.redis);
}

async function close(id: string, second: number, rest: Body = {}): Promise<void> {
  const trade = { trade_id: id, symbol: 'BTCUSDT', side: 'LONG', quantity: '2', exit_price: '105' };
  await send(stack.redis, 'trade.closed', 'V1', { ...trade, timestamp: agoIso(second), ...(rest as object) });
  await settled(stack.service, stack.redis);
}

async function rebuildIsEqual(env: Record<string, string> = {}): Promise<void> {
  const { code, logs } = await runToEnd(
    { PORTFOLIO_DATABASE_URL: stack.database.url, ...env },
    'dist/rebuild.js',
  );
  expect([code, logs]).toEqual([0, expect.stringContaining('all projections are equal')]);
}

describe('an account that only the exchange tells of', () => {
  afterEach(() => stack.stop());

  test.each([
    ['3902.68617702', '-101.40761817', '3801.27855885'],
    ['3878.53749598', '-147.57104849', '3730.96644749'],
  ])('with a wallet of %s and %s on paper is worth exactly %s', async (wallet, unrealized, equity) => {
    stack = await startStack();
    await reportAll(stack, { wallet, positions: positionsWorth(14, unrealized), at: secondsAgo(20) });
    const expected = {
      ...{ total_equity: equity, cash_balance: wallet, unrealized_pnl: unrealized, num_positions: 14 },
      // What the positions have on paper was there from the beginning: it is no loss of today.
      ...{ max_drawdown_pct: '0', reconciliation_score: '100', warnings: [] },
    };
    await eventually(async () => expect(await read('snapshot')).toMatchObject(expected));
    expect(await read('drawdown')).toMatchObject({ current_equity: equity, peak_equity: equity });
    expect(await read('pnl')).toMatchObject({ realized_pnl_total: '0', equity_change_today: '0' });
    const explained = await explain(stack.service, 'equity_change_today');
    expect(summed(leavesOf(explained.tree))).toBe('0');
    await rebuildIsEqual();
  });

  test('is followed at once through growing, shrinking and closing, always at the exchange’s average', async () => {
    stack = await startStack();
    const at = (second: number, wallet: string, positions: ReportedPosition[]) =>
      reportAll(stack, { wallet, positions, at: secondsAgo(second) });
    await at(90, '1000', [BTC]);
    await at(60, '1000', [{ ...BTC, quantity: '4', entry: '107' }]);
    expect((await read('positions'))['positions']).toMatchObject([{ size: '4', entry_price: '107' }]);
    await at(40, '1003', [{ ...BTC, quantity: '1', entry: '107' }]);
    expect((await read('positions'))['positions']).toMatchObject([{ size: '1', entry_price: '107' }]);
    await at(20, '1006', []);
    expect(await read('snapshot')).toMatchObject({
      num_positions: 0,
      total_equity: '1006',
      unrealized_pnl: '0',
    });
    // Nobody told a price of the close, so it is neither won nor lost.
    expect(await read('pnl')).toMatchObject({ realized_pnl_total: '6', closed_trades: 0 });
    const ended = (await breaks('closed')).map(({ kind, ended: how }) => [kind, how]);
    expect(ended).toEqual([
      ...[
        ['missing_position', 'adopted'],
        ['wallet', 'adopted'],
      ],
      ...[
        ['position', 'adopted'],
        ['wallet', 'adopted'],
      ],
      ...[
        ['position', 'adopted'],
        ['unknown_position', 'adopted'],
      ],
    ]);
    await rebuildIsEqual();
  });

  test('without any wallet holds what it is told of, and lists what it is told of no more', async () => {
    stack = await startStack();
    const eth = { ...BTC, symbol: 'ETHUSDT' };
    const tell = async (second: number, ...positions: (typeof BTC)[]) => {
      for (const one of positions)
        await send(
          stack.redis,
          'position.snapshot',
          'V8',
          snapshotOf(one, { timestamp: secondsAgo(second) }),
        );
      await settled(stack.service, stack.redis);
    };
    await tell(300, BTC, eth);
    await tell(290, BTC, eth);
    expect(await read('snapshot')).toMatchObject({ num_positions: 2 });
    await tell(280, eth);
    await tell(225, eth);
    expect(await breaks('open')).toMatchObject([
      {
        kind: 'missing_position',
        symbol: 'BTCUSDT',
        theirs: null,
        difference: null,
        suspected_cause: 'stale_trade',
      },
    ]);
    // Nobody said that it is flat: it stays, and is told of again, or is flat by its own words.
    expect(await read('snapshot')).toMatchObject({ num_positions: 2 });
    await tell(200, BTC);
    expect(await breaks('open')).toEqual([]);
    const flat = { symbol: 'BTCUSDT', side: 'FLAT', position_qty: '0', timestamp: secondsAgo(190) };
    await send(stack.redis, 'position.snapshot', 'V8', flat);
    await settled(stack.service, stack.redis);
    expect(await read('snapshot')).toMatchObject({ num_positions: 1 });
  });

  test('has no score while only its wallet, or only one position, was reported', async () => {
    stack = await startStack();
    await send(stack.redis, 'account.balance', 'V8', { balance: '500', timestamp: secondsAgo(20) });
    await settled(stack.service, stack.redis);
    const unknown = { reconciliation_score: null, reconciliation_reason: 'positions_not_compared' };
    expect(await read('reconciliation')).toMatchObject(unknown);
    await eventually(async () => expect(await read('snapshot')).toMatchObject(unknown));
    await send(stack.redis, 'position.snapshot', 'V8', snapshotOf(BTC, { timestamp: secondsAgo(100) }));
    await settled(stack.service, stack.redis);
    expect(await read('reconciliation')).toMatchObject(unknown);
  });

  test('has no score any more when its last reports are too old, and says which', async () => {
    stack = await startStack({ env: { PORTFOLIO_RECONCILE_MAX_AGE_SEC: '2' } });
    await reportAll(stack, { wallet: '500', positions: [], at: secondsAgo(1) });
    await eventually(async () =>
      expect(await read('snapshot')).toMatchObject({
        ...{ reconciliation_score: null, reconciliation_reason: 'too_old' },
        warnings: ['reconciliation_stale:wallet', 'reconciliation_stale:positions'],
      }),
    );
    expect(await read('reconciliation')).toMatchObject({
      ...{ reconciliation_score: null, reconciliation_reason: 'too_old' },
      wallet_report: { age_sec: expect.anything() as unknown },
    });
  });

  test('that is flat is flat, not unknown', async () => {
    stack = await startStack();
    await reportAll(stack, { wallet: '500', positions: [], at: secondsAgo(20) });
    expect(await read('snapshot')).toMatchObject({ total_equity: '500', num_positions: 0 });
    expect(await read('reconciliation')).toMatchObject({
      holdings_report: { positions: 0, complete: true },
      reconciliation_score: '100',
    });
  });
});

describe('where trades are told, too, what the exchange holds', () => {
  beforeEach(async () => {
    stack = await startStack({ env: { PORTFOLIO_RECONCILE_GRACE_SEC: '10' } });
  });
  afterEach(() => stack.stop());

  const flat = (second: number, wallet = '1000') =>
    reportAll(stack, { wallet, positions: [], at: secondsAgo(second) });

  test('closes a stale trade when it stays flat for the grace, and nothing is counted as won or lost', async () => {
    await open('stale', 100);
    await flat(60);
    expect(await read('snapshot')).toMatchObject({ num_positions: 1 });
    expect(await breaks('open')).toMatchObject([
      {
        ...{ kind: 'missing_position', symbol: 'BTCUSDT', side: 'LONG', ours: '2', theirs: '0' },
        ...{ difference: '-2', money: '200', severity: 'critical', suspected_cause: 'stale_trade' },
      },
    ]);
    await eventually(async () =>
      expect(await read('snapshot')).toMatchObject({
        reconciliation_score: '80',
        warnings: expect.arrayContaining(['reconciliation_breaks:1']) as unknown,
      }),
    );
    await flat(45);
    expect(await read('snapshot')).toMatchObject({ num_positions: 0, reconciliation_score: '100' });
    expect(await breaks('closed')).toMatchObject([
      { kind: 'missing_position', ended: 'adopted', reports: 2 },
    ]);
    expect((await read('trades'))['trades']).toMatchObject([
      { status: 'CLOSED', close_reason: 'reconciliation', pnl_unknown: true, realized_pnl: '0' },
    ]);
    expect(await read('pnl')).toMatchObject({ realized_pnl_total: '0', closed_trades: 0, win_rate: null });
    await rebuildIsEqual();
  });

  test('is what the late close then explains: the wallet counts it once, at once', async () => {
    await open('late', 100);
    await reportAll(stack, { wallet: '1000', positions: [BTC], at: secondsAgo(90) });
    // The exchange closed it and has the 10 already.
    await flat(60, '1010');
    await flat(45, '1010');
    expect(await read('snapshot')).toMatchObject({ num_positions: 0, cash_balance: '1010' });
    await close('late', 65);
    expect(await read('snapshot')).toMatchObject({
      num_positions: 0,
      cash_balance: '1010',
      total_equity: '1010',
    });
    expect(await read('pnl')).toMatchObject({ realized_pnl_total: '10', closed_trades: 1, win_rate: '100' });
    expect((await read('trades'))['trades']).toMatchObject([{ close_reason: null, realized_pnl: '10' }]);
    await rebuildIsEqual();
  });

  test('heals by itself when the executor speaks within the grace', async () => {
    await open('a', 100, { symbol: 'ETHUSDT' });
    const eth: ReportedPosition = { ...BTC, symbol: 'ETHUSDT' };
    await reportAll(stack, { wallet: '1000', positions: [{ ...eth, quantity: '3' }], at: secondsAgo(60) });
    expect(await breaks('open')).toMatchObject([
      { kind: 'position', difference: '1', suspected_cause: 'missed_fill' },
    ]);
    await open('b', 62, { symbol: 'ETHUSDT', quantity: '1' });
    await reportAll(stack, { wallet: '1000', positions: [{ ...eth, quantity: '3' }], at: secondsAgo(45) });
    expect(await breaks('open')).toEqual([]);
    expect(await breaks('closed')).toMatchObject([{ kind: 'position', ended: 'healed', version: null }]);
  });

  test('opens what was missed; the open that comes late takes its place, and nothing is there twice', async () => {
    await open('known', 200, { quantity: '1' });
    const three = { ...BTC, quantity: '3', entry: '120' };
    await reportAll(stack, { wallet: '1000', positions: [three], at: secondsAgo(60) });
    await reportAll(stack, { wallet: '1000', positions: [three], at: secondsAgo(45) });
    expect((await read('positions'))['positions']).toMatchObject([
      { size: '3', entry_price: '120', open_trades: 2 },
    ]);
    await open('missed', 70, { quantity: '2', entry_price: '130' });
    expect((await read('positions'))['positions']).toMatchObject([
      { size: '3', entry_price: '120', cost_basis: '360', open_trades: 2 },
    ]);
    const trades = (await read('trades'))['trades'] as Body[];
    expect(trades.map(({ trade_id: id }) => id).sort()).toEqual(['known', 'missed']);
    await rebuildIsEqual();
  });

  test('closes nothing when the set is not complete', async () => {
    await open('kept', 100);
    const eth = { ...BTC, symbol: 'ETHUSDT' };
    for (const second of [70, 55, 40, 25])
      await reportAll(stack, { wallet: '1000', positions: [eth], at: secondsAgo(second), count: 2 });
    expect((await read('positions'))['positions']).toMatchObject([
      { symbol: 'BTCUSDT' },
      { symbol: 'ETHUSDT' },
    ]);
    expect(await breaks('open')).toEqual([]);
    expect(await read('reconciliation')).toMatchObject({
      holdings_report: { complete: false, positions: 1 },
    });
  });

  test('makes a transfer that is told after the wallet that showed it a flow at once', async () => {
    await flat(60);
    await flat(45, '1500');
    expect(await read('pnl')).toMatchObject({ realized_pnl_total: '500' });
    expect((await breaks('closed'))[0]).toMatchObject({
      kind: 'wallet',
      suspected_cause: 'transfer',
      ended: 'adopted',
    });
    const deposit = { event_id: 'd', type: 'DEPOSIT', amount: '500', timestamp: agoIso(50) };
    await send(stack.redis, 'account.cash_flow', 'V1', deposit);
    await settled(stack.service, stack.redis);
    expect(await read('snapshot')).toMatchObject({ cash_balance: '1500' });
    expect(await read('pnl')).toMatchObject({ realized_pnl_total: '0', realized_pnl_today: '0' });
    expect(await read('drawdown')).toMatchObject({ current_equity: '1500' });
    await rebuildIsEqual();
  });

  test('is told again in /explain: a closed stale trade books nothing, and the leaves still sum up', async () => {
    await open('stale', 100);
    await flat(60);
    await flat(45, '1010');
    for (const metric of ['total_equity', 'realized_pnl_total', 'equity_change_today']) {
      const explained = await explain(stack.service, metric);
      expect([metric, summed(leavesOf(explained.tree))]).toEqual([metric, explained.value]);
    }
  });
});

describe('with reports that are not adopted', () => {
  afterEach(() => stack.stop());

  test('everything is only listed, survives a restart, and ends when it heals', async () => {
    stack = await startStack({ env: { PORTFOLIO_RECONCILE: 'report', PORTFOLIO_INITIAL_CASH: '1000' } });
    await open('mine', 200);
    await reportAll(stack, { wallet: '990', positions: [{ ...BTC, symbol: 'ETHUSDT' }], at: secondsAgo(60) });
    await reportAll(stack, { wallet: '990', positions: [{ ...BTC, symbol: 'ETHUSDT' }], at: secondsAgo(30) });
    const listed = { kind: 'missing_position', reports: 2, age_sec: expect.any(Number) as unknown };
    const expectAll = async () => {
      expect(await breaks('open')).toMatchObject([
        listed,
        { kind: 'unknown_position', symbol: 'ETHUSDT', theirs: '2' },
        { kind: 'wallet', difference: '-10', ended: null },
      ]);
      await eventually(async () =>
        expect(await read('snapshot')).toMatchObject({
          ...{ cash_balance: '1000', num_positions: 1 },
          warnings: expect.arrayContaining(['wallet_differs:-10', 'reconciliation_breaks:3']) as unknown,
        }),
      );
      expect(await read('reconciliation')).toMatchObject({
        policy: 'report',
        wallet_report: { wallet: '990' },
      });
    };
    await expectAll();
    await stack.service.stop();
    await stack.startAgain();
    await expectAll();
    await reportAll(stack, { wallet: '1000', positions: [BTC], at: secondsAgo(0) });
    expect(await breaks('open')).toEqual([]);
    expect((await breaks('closed')).map(({ ended }) => ended)).toEqual(['healed', 'healed', 'healed']);
    await eventually(async () =>
      expect(await read('snapshot')).toMatchObject({ reconciliation_score: '100', warnings: [] }),
    );
  });
});

describe('a position that comes once more', () => {
  afterEach(() => stack.stop());

  test('changes nothing, and what is FLAT by its own words is flat without a complete set', async () => {
    stack = await startStack();
    const at = secondsAgo(60);
    await reportAll(stack, { wallet: '1000', positions: [BTC], at });
    const before = await read('snapshot');
    await send(stack.redis, 'position.snapshot', 'V8', snapshotOf(BTC, { timestamp: at }));
    await settled(stack.service, stack.redis);
    expect((await read('snapshot'))['version']).toBe(before['version']);
    const flat = { symbol: 'BTCUSDT', side: 'FLAT', position_qty: '0', timestamp: secondsAgo(30) };
    await send(stack.redis, 'account.balance', 'V8', {
      balance: '1000',
      positions: '7',
      timestamp: secondsAgo(30),
    });
    await send(stack.redis, 'position.snapshot', 'V8', flat);
    await send(stack.redis, 'account.balance', 'V8', {
      balance: '1000',
      positions: '7',
      timestamp: secondsAgo(10),
    });
    await settled(stack.service, stack.redis);
    expect(await read('snapshot')).toMatchObject({ num_positions: 0 });
  });
});

describe('where fills are the source', () => {
  afterEach(() => stack.stop());

  test('a fill that was missed is adopted after the grace and healed by the late fill, and a statement can be voided', async () => {
    stack = await startStack({
      env: { PORTFOLIO_POSITION_SOURCE: 'fills', PORTFOLIO_RECONCILE_GRACE_SEC: '0' },
    });
    const fill = async (id: string, second: number, quantity: string, price: string) => {
      const order = { order_id: id, symbol: 'BTCUSDT', side: 'BUY', quantity, price };
      await send(stack.redis, 'order.executed', 'V1', { ...order, timestamp: agoIso(second) });
      await settled(stack.service, stack.redis);
    };
    const position = async () => (await read('positions'))['positions'];
    await fill('O-1', 100, '1', '100');
    const positions = [{ ...BTC, quantity: '2', entry: '105' }];
    await reportAll(stack, { wallet: '1000', positions, at: secondsAgo(60) });
    expect(await position()).toMatchObject([{ size: '1', entry_price: '100' }]);
    await reportAll(stack, { wallet: '1000', positions, at: secondsAgo(40) });
    expect(await position()).toMatchObject([{ size: '2', entry_price: '105', open_trades: 1 }]);
    const { version } = (await breaks('closed'))[0] as { version: number };
    await fill('O-2', 70, '1', '110');
    expect(await position()).toMatchObject([{ size: '2', entry_price: '105', open_trades: 1 }]);
    await rebuildIsEqual({ PORTFOLIO_POSITION_SOURCE: 'fills' });
    const correction = {
      symbol: 'BTCUSDT',
      corrects_version: String(version),
      action: 'void',
      timestamp: agoIso(1),
    };
    await send(stack.redis, 'trade.corrected', 'V1', correction);
    await fill('O-3', 50, '1', '111');
    expect(await position()).toMatchObject([{ size: '3', entry_price: '107' }]);
  });
});

describe('a report that cannot be', () => {
  afterEach(() => stack.stop());

  test('is refused when it is dated ahead, and those after it count', async () => {
    stack = await startStack();
    await reportAll(stack, { wallet: '77', positions: [BTC], at: secondsAgo(-3600) });
    const refused = await stack.database.query('SELECT code FROM quarantine ORDER BY 1');
    expect(refused).toEqual([{ code: 'dated_ahead' }, { code: 'dated_ahead' }]);
    await reportAll(stack, { wallet: '1000', positions: [BTC], at: secondsAgo(5) });
    expect(await read('snapshot')).toMatchObject({ cash_balance: '1000', num_positions: 1 });
  });
});

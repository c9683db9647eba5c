import { eventually } from '../support/eventually.js';
import { newest, now, opened, sent, tick } from '../support/outbound.js';
import { startStack, type Stack } from '../support/stack.js';
import { send, settled, streamOf } from '../support/streams.js';

const SNAPSHOT = 'portfolio.snapshot_updated';
const DRAWDOWN = 'portfolio.drawdown_updated';

describe('what the older neighbours read', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack();
    const deposit = { event_id: 'start', type: 'DEPOSIT', amount: '1000', timestamp: now() };
    await send(stack.redis, 'account.cash_flow', 'V1', deposit);
    await send(stack.redis, 'trade.opened', 'V1', opened('t1', 'BTCUSDT'));
    await settled(stack.service, stack.redis);
    // A loss of 180 on paper: a drawdown of 18 %.
    await tick(stack, 'BTCUSDT', '10');
  });
  afterAll(() => stack.stop());

  test('the federation reads drawdowns as fractions', async () => {
    await eventually(async () => {
      const [snapshot, drawdown] = [await newest(stack, SNAPSHOT), await newest(stack, DRAWDOWN)];
      expect(snapshot['drawdown_pct']).toBeGreaterThan(0.01);
      expect(snapshot['max_drawdown_pct']).toBeLessThanOrEqual(1);
      expect(Number(snapshot['max_drawdown_pct']) * 100).toBeCloseTo(Number(drawdown['max_drawdown_pct']), 6);
    });
  });

  test('the emergency stop gets its two events in percent, loss positive', async () => {
    await eventually(async () => {
      // An account born today has no equity at the start of the day to compare with: unknown, not 0.
      expect(await newest(stack, 'portfolio.pnl_update')).toMatchObject({ daily_return_pct: null });
      const risk = await newest(stack, 'risk.drawdown_update');
      const current = await newest(stack, DRAWDOWN);
      expect(risk['daily_drawdown_pct']).toBeCloseTo(Number(current['daily_drawdown_pct']), 6);
      expect(risk['open_loss_pct']).toBeGreaterThan(0);
    });
  });

  test('each of the emergency stop’s events says which versions it speaks for, and none is left out', async () => {
    const before = (await newest(stack, 'portfolio.pnl_update'))['version'] as number;
    for (const id of ['c1', 'c2', 'c3']) {
      const messages = [1, 2].map((part) => opened(`${id}-${part}`, 'ETHUSDT'));
      for (const message of messages) await send(stack.redis, 'trade.opened', 'V1', message);
      await settled(stack.service, stack.redis);
    }
    await eventually(async () =>
      expect((await newest(stack, 'portfolio.pnl_update'))['version']).toBe(before + 6),
    );
    for (const type of ['portfolio.pnl_update', 'risk.drawdown_update']) {
      const all = (await sent(stack, type)).map(({ payload }) => payload as Record<string, number>);
      for (const [i, event] of all.slice(1).entries())
        expect(event['previous_version']).toBe(all[i]!['version']);
    }
  });

  test('the state hashes are fresh, bounded in life and in the old units', async () => {
    await eventually(async () => {
      const state = await stack.redis.hgetall('quantum:state:portfolio');
      const snapshot = (await stack.service.get('/api/portfolio/snapshot')).json();
      expect(Object.keys(state)).toEqual(
        expect.arrayContaining([
          ...['ts_utc', 'timestamp', 'equity_usd', 'balance_usd', 'unrealized_pnl_usd', 'positions_count'],
          ...['positions_notional_usd', 'source', 'drawdown'],
        ]),
      );
      expect(Number(state['equity_usd'])).toBeCloseTo(Number(snapshot['total_equity']), 6);
      expect(Number(state['balance_usd'])).toBeCloseTo(Number(snapshot['cash_balance']), 6);
      expect(Number(state['positions_count'])).toBe(snapshot['num_positions']);
      expect(Number(state['drawdown'])).toBeGreaterThan(0);
      expect(Number(state['drawdown'])).toBeLessThan(1);
      const equity = await stack.redis.hgetall('quantum:equity:current');
      expect(Number(equity['equity'])).toBeCloseTo(Number(snapshot['total_equity']), 6);
      expect(Number(equity['peak'])).toBeGreaterThanOrEqual(Number(equity['equity']));
      expect(Object.keys(equity)).toContain('last_update_ts');
    });
    for (const key of ['quantum:state:portfolio', 'quantum:equity:current']) {
      const seconds = await stack.redis.ttl(key);
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(120);
    }
  });
});

describe('the heartbeat', () => {
  test('tells the same state again and again while nothing happens', async () => {
    const stack = await startStack({ env: { PORTFOLIO_HEARTBEAT_SEC: '1' } });
    try {
      const deposit = { event_id: 'start', type: 'DEPOSIT', amount: '1000', timestamp: now() };
      await send(stack.redis, 'account.cash_flow', 'V1', deposit);
      await settled(stack.service, stack.redis);
      const before = (await sent(stack, SNAPSHOT)).length;
      await eventually(async () => {
        const beats = (await sent(stack, SNAPSHOT)).slice(before);
        expect(beats.length).toBeGreaterThanOrEqual(2);
        for (const { payload } of beats) expect(payload).toMatchObject({ total_equity: 1000, version: 1 });
      });
    } finally {
      await stack.stop();
    }
  });

  test('without compat events the old names are not sent', async () => {
    const stack = await startStack({ env: { PORTFOLIO_HEARTBEAT_SEC: '1', PORTFOLIO_COMPAT_EVENTS: 'off' } });
    try {
      await send(stack.redis, 'trade.opened', 'V1', opened('t1', 'BTCUSDT'));
      await eventually(async () => expect((await sent(stack, SNAPSHOT)).length).toBeGreaterThan(1));
      expect(
        await stack.redis.exists(streamOf('portfolio.pnl_update'), streamOf('risk.drawdown_update')),
      ).toBe(0);
    } finally {
      await stack.stop();
    }
  });
});

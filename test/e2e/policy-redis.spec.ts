import { eventually } from '../support/eventually.js';
import { limitOf, limitsOf } from '../support/limits.js';
import { now, opened } from '../support/outbound.js';
import { startStack, type Stack } from '../support/stack.js';
import { send, settled } from '../support/streams.js';

const KEY = 'quantum:policy:current';
const MODES = {
  NORMAL: { max_leverage: 10, max_daily_drawdown: 0.06, max_positions: 12, position_size_cap: 300 },
  DEFENSIVE: { max_leverage: 2, max_daily_drawdown: 0.02, max_positions: 1, position_size_cap: 150 },
};

describe('the policy that others keep in Redis', () => {
  let stack: Stack;

  const changed = (): Promise<string> =>
    send(stack.redis, 'policy.updated', 'V1', { event: 'policy.updated', timestamp: now() });
  const source = async () => (await limitsOf(stack.service)).sources[1]!;

  beforeAll(async () => {
    stack = await startStack({
      env: { PORTFOLIO_PUBLISH_INTERVAL_MS: '100', PORTFOLIO_POLICY_MAX_AGE_SEC: '20' },
    });
    const deposit = { event_id: 'd', type: 'DEPOSIT', amount: '1000', timestamp: now() };
    await send(stack.redis, 'account.cash_flow', 'V1', deposit);
    await send(stack.redis, 'trade.opened', 'V1', opened('t', 'BTCUSDT', { leverage: '5' }));
    await settled(stack.service, stack.redis);
  });
  afterAll(() => stack.stop());

  test('is not missed where there is none', async () => {
    await eventually(async () =>
      expect(await source()).toMatchObject({ status: 'unknown', reason: 'not_there' }),
    );
    const health = (await stack.service.get('/health')).json<{
      status: string;
      components: { name: string }[];
    }>();
    expect(health.status).toBe('healthy');
    expect(health.components.map(({ name }) => name)).not.toContain('policy');
    expect(await limitOf(stack.service, 'leverage')).toMatchObject({ state: 'unknown', reason: 'not_set' });
  });

  test('is read as JSON, when somebody says that it changed', async () => {
    const policy = {
      active_mode: 'NORMAL',
      modes: MODES,
      emergency_mode: false,
      allow_new_trades: true,
      version: 7,
    };
    await stack.redis.set(KEY, JSON.stringify(policy));
    await changed();
    await eventually(async () =>
      expect(await source()).toMatchObject({
        status: 'known',
        reason: null,
        version: '7',
        active_mode: 'NORMAL',
        emergency_mode: false,
        allow_new_trades: true,
      }),
    );
    expect(await limitOf(stack.service, 'leverage')).toMatchObject({ value: '10', used: '0.2', state: 'ok' });
    expect(await limitOf(stack.service, 'daily_drawdown')).toMatchObject({
      value: '6',
      raw: '0.06',
      raw_unit: 'fraction',
      unit: 'percent',
    });
    expect(await limitOf(stack.service, 'positions')).toMatchObject({ value: '12', used: '1' });
  });

  test('in another mode has other limits, and what they break is told', async () => {
    await stack.redis.set(KEY, JSON.stringify({ active_mode: 'DEFENSIVE', modes: MODES }));
    await changed();
    await eventually(async () =>
      expect(await limitOf(stack.service, 'symbol_exposure', 'BTCUSDT')).toMatchObject({
        value: '150',
        used: '200',
        state: 'breached',
        announced: 'breached',
        distance_money: '-50',
      }),
    );
    expect(await limitOf(stack.service, 'positions')).toMatchObject({ state: 'approaching' });
  });

  test('is read as a hash', async () => {
    await stack.redis.del(KEY);
    await stack.redis.hset(KEY, {
      universe_symbols: '["BTCUSDT"]',
      leverage_by_symbol: "{'BTCUSDT': 4, 'ETHUSDT': 3}",
      policy_version: '1.0.0-ai-v1',
    });
    await changed();
    await eventually(async () =>
      expect(await limitOf(stack.service, 'symbol_leverage', 'BTCUSDT')).toMatchObject({
        value: '4',
        used: '5',
        state: 'breached',
        source: 'redis_policy',
      }),
    );
    expect(await source()).toMatchObject({ status: 'known', version: '1.0.0-ai-v1', active_mode: null });
    // The hash has no modes: nobody sets these limits now, which ends what was announced of them.
    expect(await limitOf(stack.service, 'symbol_exposure', 'BTCUSDT')).toMatchObject({
      state: 'unknown',
      reason: 'not_set',
    });
  });

  test.each<[reason: string, put: (key: string) => Promise<unknown>]>([
    ['wrong_type', (key) => stack.redis.lpush(key, 'x')],
    ['not_json', (key) => stack.redis.set(key, '<html>')],
    ['foreign', (key) => stack.redis.set(key, '{"hello": 1}')],
    ['foreign', (key) => stack.redis.hset(key, 'hello', '1')],
    ['not_there', () => Promise.resolve()],
  ])('%s says why nothing new is known, and nothing is made up', async (reason, put) => {
    await stack.redis.del(KEY);
    await put(KEY);
    await changed();
    await eventually(async () => expect(await source()).toMatchObject({ reason }));
    const health = (await stack.service.get('/health')).json<{ status: string; components: unknown[] }>();
    expect(health.status).toBe('healthy');
    expect(health.components).toContainEqual({ name: 'policy', status: 'unknown', message: reason });
  });

  test('counts no more when it is too old; what was announced of it is not over by that', async () => {
    await eventually(
      async () =>
        expect(await limitOf(stack.service, 'symbol_leverage', 'BTCUSDT')).toMatchObject({
          value: null,
          state: 'unknown',
          reason: 'too_old',
          announced: 'breached',
        }),
      { timeoutMs: 30_000 },
    );
  }, 40_000);
});

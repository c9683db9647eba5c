import { eventually } from '../support/eventually.js';
import { limitOf, limitsOf, type Row } from '../support/limits.js';
import { metricsOf } from '../support/metrics.js';
import { now, opened, sent, tick } from '../support/outbound.js';
import { startRiskSafety, type FakeRiskSafety } from '../support/risk-safety.js';
import { startStack, type Stack } from '../support/stack.js';
import { send, settled } from '../support/streams.js';

const SOON = { PORTFOLIO_PUBLISH_INTERVAL_MS: '100', PORTFOLIO_POLICY_TIMEOUT_MS: '300' };

async function deposit(stack: Stack, amount: string): Promise<void> {
  const payload = { event_id: `d-${amount}`, type: 'DEPOSIT', amount, timestamp: now() };
  await send(stack.redis, 'account.cash_flow', 'V1', payload);
  await settled(stack.service, stack.redis);
}

async function hold(stack: Stack, tradeId: string, symbol: string, leverage = '5'): Promise<void> {
  await send(stack.redis, 'trade.opened', 'V1', opened(tradeId, symbol, { leverage }));
  await settled(stack.service, stack.redis);
}

describe('limits that Risk & Safety tells', () => {
  let stack: Stack;
  let fake: FakeRiskSafety;

  beforeAll(async () => {
    fake = await startRiskSafety();
    fake.policies.set('ess.max_daily_loss_pct', 0.05);
    fake.policies.set('ess.max_drawdown_pct', '0.15');
    fake.policies.set('ess.max_daily_drawdown_pct', 5.0);
    fake.policies.set('ess.max_open_loss_pct', 10);
    fake.limits.set('BTCUSDT', { max_position_size_usd: 1000, max_leverage: 10, max_exposure_pct: 50 });
    fake.ess = {
      state: 'ARMED',
      can_execute: true,
      trip_time: null,
      trip_reason: null,
      metrics: { daily_drawdown_pct: 1.2, open_loss_pct: 'NaN', other: 5 },
    };
    stack = await startStack({
      env: { ...SOON, RISK_SAFETY_SERVICE_URL: `${fake.url}/`, MAX_POSITION_PER_SYMBOL_USD: '800' },
    });
    await deposit(stack, '1000');
    await hold(stack, 't1', 'BTCUSDT');
    await eventually(async () =>
      expect((await limitOf(stack.service, 'symbol_leverage', 'BTCUSDT'))['value']).toBe('10'),
    );
  });
  afterAll(async () => {
    await stack.stop();
    await fake.stop();
  });

  test.each([
    ['daily_loss', '5', '0.05', 'fraction'],
    ['max_drawdown', '15', '0.15', 'fraction'],
    ['daily_drawdown', '5', '5.0', 'percent'],
    ['open_loss', '10', '10', 'percent'],
  ])('%s is %s percent, told as %s (%s)', async (limit, value, raw, rawUnit) => {
    const found = await limitOf(stack.service, limit);
    // JSON.stringify writes 5.0 as 5.
    expect(found).toMatchObject({ value, unit: 'percent', raw: String(Number(raw)), raw_unit: rawUnit });
    expect(found).toMatchObject({ source: 'risk_safety', age_sec: expect.any(Number) });
  });

  test('the strictest of two sources counts, and both are shown', async () => {
    const found = await limitOf(stack.service, 'symbol_exposure', 'BTCUSDT');
    expect(found).toMatchObject({
      value: '800',
      source: 'settings',
      used: '200',
      used_pct: '25',
      state: 'ok',
    });
    expect(found).toMatchObject({
      distance: '600',
      distance_pct: '75',
      distance_money: '600',
      age_sec: null,
    });
    const told = found['told'] as Row[];
    expect(told.map(({ source, value }) => [source, value])).toEqual([
      ['settings', '800'],
      ['risk_safety', '1000'],
    ]);
  });

  test('a share of equity is held against equity', async () => {
    expect(await limitOf(stack.service, 'symbol_exposure_pct', 'BTCUSDT')).toMatchObject({
      value: '50',
      used: '20',
      used_pct: '40',
      distance: '30',
      distance_money: '300',
    });
  });

  test('what nobody sets is unknown, and never 0 or ok', async () => {
    for (const limit of ['total_exposure', 'positions', 'leverage']) {
      const found = await limitOf(stack.service, limit);
      expect(found).toMatchObject({ state: 'unknown', reason: 'not_set', value: null, source: null });
      expect(found).toMatchObject({ used_pct: null, distance: null, distance_money: null });
    }
  });

  test('a day that began with nothing has no daily loss', async () => {
    expect(await limitOf(stack.service, 'daily_loss')).toMatchObject({
      state: 'unknown',
      reason: 'no_equity_at_day_start',
      used: null,
    });
  });

  test('the emergency stop is shown with the limits and in health', async () => {
    expect((await limitsOf(stack.service)).ess).toMatchObject({
      status: 'known',
      state: 'ARMED',
      can_execute: true,
      metrics: { daily_drawdown_pct: '1.2' },
    });
    const { components } = (await stack.service.get('/health')).json<{ components: Row[] }>();
    expect(components).toContainEqual({
      name: 'risk_safety',
      status: 'healthy',
      message: 'emergency stop: ARMED',
    });
  });

  test('only symbols that are held are asked for', () => {
    const symbols = fake.asked.filter((path) => path.startsWith('/api/risk/limits/'));
    expect(new Set(symbols)).toEqual(new Set(['/api/risk/limits/BTCUSDT']));
  });

  test.each(['policy.update', 'policy.updated'])('%s has it read at once', async (type) => {
    const value = type === 'policy.update' ? 0.04 : 0.03;
    fake.policies.set('ess.max_daily_loss_pct', value);
    await send(stack.redis, type, 'V8', { event: 'policy.updated', version: `v-${value}`, timestamp: now() });
    await eventually(async () =>
      expect((await limitOf(stack.service, 'daily_loss'))['value']).toBe(String(value * 100)),
    );
  });

  test.each([
    ['foreign', 'foreign'],
    ['not_found', 'http_404'],
    ['html', 'not_json'],
    ['slow', 'timeout'],
    ['truncated', 'cut_off'],
    ['huge', 'too_large'],
    ['wrong_types', 'foreign'],
  ] as const)('a service that is %s is degraded, and what was told before stays', async (manner, reason) => {
    fake.manner = manner;
    const event = { event: 'policy.updated', version: `v-${manner}`, timestamp: now() };
    await send(stack.redis, 'policy.update', 'V8', event);
    await eventually(async () => {
      const { sources } = await limitsOf(stack.service);
      expect(sources[0]).toMatchObject({ source: 'risk_safety', reason, configured: true });
    });
    expect(await limitOf(stack.service, 'daily_loss')).toMatchObject({ value: '3' });
    const health = await stack.service.get('/health');
    expect([health.status, health.json()['status']]).toEqual([200, 'degraded']);
    expect(health.text).not.toContain(fake.url);
    expect(health.json()['components']).toContainEqual({
      name: 'risk_safety',
      status: 'unhealthy',
      message: expect.stringContaining(reason) as unknown,
    });
    expect((await stack.service.get('/health/ready')).status).toBe(200);
  });
});

describe('a port where somebody else answers from the start', () => {
  test('tells nothing: every limit of it is unknown with the reason', async () => {
    const fake = await startRiskSafety();
    fake.manner = 'not_found';
    const stack = await startStack({ env: { ...SOON, RISK_SAFETY_SERVICE_URL: fake.url } });
    try {
      await deposit(stack, '1000');
      await eventually(async () =>
        expect((await limitsOf(stack.service)).sources[0]).toMatchObject({ reason: 'http_404' }),
      );
      for (const limit of ['daily_loss', 'max_drawdown', 'daily_drawdown', 'open_loss']) {
        expect(await limitOf(stack.service, limit)).toMatchObject({
          state: 'unknown',
          reason: 'http_404',
          value: null,
        });
      }
      expect((await limitsOf(stack.service)).ess).toMatchObject({
        status: 'unknown',
        reason: 'http_404',
        state: null,
        can_execute: null,
      });
      expect(fake.asked.length).toBeLessThan(15);
    } finally {
      await stack.stop();
      await fake.stop();
    }
  });

  test('an answer that is too old counts no more', async () => {
    const fake = await startRiskSafety();
    fake.policies.set('ess.max_open_loss_pct', 10);
    const env = { ...SOON, RISK_SAFETY_SERVICE_URL: fake.url, PORTFOLIO_POLICY_MAX_AGE_SEC: '2' };
    const stack = await startStack({ env: { ...env, PORTFOLIO_POLICY_REFRESH_SEC: '1' } });
    try {
      await deposit(stack, '1000');
      await eventually(async () =>
        expect(await limitOf(stack.service, 'open_loss')).toMatchObject({ value: '10', state: 'ok' }),
      );
      await fake.stop();
      await eventually(async () =>
        expect(await limitOf(stack.service, 'open_loss')).toMatchObject({
          value: null,
          state: 'unknown',
          reason: 'too_old',
        }),
      );
      expect((await limitsOf(stack.service)).ess).toMatchObject({ status: 'unknown', state: null });
    } finally {
      await stack.stop();
    }
  });
});

describe('a limit of the settings beside a stricter one', () => {
  test('is unknown when the stricter one is too old', async () => {
    const fake = await startRiskSafety();
    fake.limits.set('BTCUSDT', { max_position_size_usd: 150 });
    const env = { ...SOON, RISK_SAFETY_SERVICE_URL: fake.url, MAX_POSITION_PER_SYMBOL_USD: '1000' };
    const stack = await startStack({
      env: { ...env, PORTFOLIO_POLICY_REFRESH_SEC: '1', PORTFOLIO_POLICY_MAX_AGE_SEC: '2' },
    });
    try {
      await hold(stack, 't', 'BTCUSDT');
      const found = () => limitOf(stack.service, 'symbol_exposure', 'BTCUSDT');
      await eventually(async () => expect(await found()).toMatchObject({ value: '150', state: 'breached' }));
      await fake.stop();
      await eventually(async () =>
        expect(await found()).toMatchObject({
          ...{ value: '1000', used: '200', used_pct: '20' },
          ...{ state: 'unknown', reason: 'stricter_too_old', announced: 'breached' },
        }),
      );
    } finally {
      await stack.stop();
    }
  });
});

describe('many commits in a row', () => {
  test('are held against limits a few times, and the last of them always', async () => {
    const stack = await startStack({
      env: { PORTFOLIO_PUBLISH_INTERVAL_MS: '60000', MAX_POSITIONS: '79' },
    });
    try {
      const looked = async () => {
        const metrics = await metricsOf(stack.service);
        return metrics.find(({ name }) => name === 'portfolio_limit_assessment_seconds_count')!.value;
      };
      const [before, began] = [await looked(), Date.now()];
      for (let i = 0; i < 80; i += 1) {
        await send(stack.redis, 'trade.opened', 'V1', opened(`t${i}`, `C${i}USDT`));
        await settled(stack.service, stack.redis);
      }
      await eventually(async () =>
        expect(await limitOf(stack.service, 'positions')).toMatchObject({ announced: 'breached' }),
      );
      const most = Math.ceil((Date.now() - began) / 150) + 1;
      expect((await looked()) - before).toBeLessThanOrEqual(most);
      expect(await sent(stack, 'portfolio.limit_breached')).toHaveLength(1);
      const metrics = await metricsOf(stack.service);
      const gauge = (name: string) => metrics.find((line) => line.name === name)?.value;
      expect([gauge('portfolio_limits_breached'), gauge('portfolio_limits_approaching')]).toEqual([1, 0]);
    } finally {
      await stack.stop();
    }
  });
});

describe('crossings', () => {
  let stack: Stack;
  const EVENTS = ['approaching', 'breached', 'cleared'] as const;

  async function told(): Promise<string[]> {
    const all = await Promise.all(
      EVENTS.map(async (event) =>
        (await sent(stack, `portfolio.limit_${event}`)).map(({ payload }) => ({ event, payload })),
      ),
    );
    return all
      .flat()
      .filter(({ payload }) => payload['limit'] === 'symbol_exposure')
      .sort((a, b) => (String(a.payload['timestamp']) < String(b.payload['timestamp']) ? -1 : 1))
      .map(({ event }) => event);
  }

  beforeAll(async () => {
    stack = await startStack({ env: { ...SOON, MAX_POSITION_PER_SYMBOL_USD: '1000' } });
    await deposit(stack, '10000');
    await hold(stack, 't1', 'BTCUSDT');
  });
  afterAll(() => stack.stop());

  test('80 % is told once, with everything one needs to act', async () => {
    await tick(stack, 'BTCUSDT', '400');
    await eventually(async () => expect(await told()).toEqual(['approaching']));
    const [event] = await sent(stack, 'portfolio.limit_approaching');
    expect(event!.payload).toEqual({
      account_id: 'main',
      limit: 'symbol_exposure',
      symbol: 'BTCUSDT',
      value: 1000,
      used: 800,
      used_pct: 80,
      unit: 'currency',
      source: 'settings',
      key: 'PORTFOLIO_MAX_POSITION_PER_SYMBOL_USD',
      distance: 200,
      distance_money: 200,
      reason: null,
      timestamp: expect.any(String),
      event_id: expect.any(String),
      version: 2,
      previous_version: 2,
    });
  });

  test('a breach is told once, however prices jitter around it, and again only after it was over', async () => {
    for (const price of ['501', '490', '502', '480', '505']) {
      await tick(stack, 'BTCUSDT', price);
      await eventually(async () =>
        expect(await limitOf(stack.service, 'symbol_exposure', 'BTCUSDT')).toMatchObject({
          used: String(Number(price) * 2),
          announced: 'breached',
        }),
      );
    }
    expect(await told()).toEqual(['approaching', 'breached']);
    await tick(stack, 'BTCUSDT', '470');
    await eventually(async () => expect(await told()).toEqual(['approaching', 'breached', 'cleared']));
    await tick(stack, 'BTCUSDT', '510');
    await eventually(async () =>
      expect(await told()).toEqual(['approaching', 'breached', 'cleared', 'breached']),
    );
  });

  test('a crash in a breach tells it neither again nor as over', async () => {
    const before = await told();
    await stack.service.kill9();
    await stack.startAgain();
    await tick(stack, 'BTCUSDT', '515');
    await eventually(async () =>
      expect(await limitOf(stack.service, 'symbol_exposure', 'BTCUSDT')).toMatchObject({
        used: '1030',
        state: 'breached',
        announced: 'breached',
      }),
    );
    expect(await told()).toEqual(before);
  });

  test('closing the position clears it', async () => {
    const before = await told();
    const close = { trade_id: 't1', symbol: 'BTCUSDT', side: 'LONG', exit_price: '515', timestamp: now() };
    await send(stack.redis, 'trade.closed', 'V1', close);
    await eventually(async () => expect(await told()).toEqual([...before, 'cleared']));
    await eventually(async () =>
      expect(await limitOf(stack.service, 'symbol_exposure')).toMatchObject({
        state: 'ok',
        used: '0',
        announced: null,
      }),
    );
  });

  test('every event has an id of its own', async () => {
    const all = (await Promise.all(EVENTS.map((event) => sent(stack, `portfolio.limit_${event}`)))).flat();
    expect(new Set(all.map(({ payload }) => payload['event_id'])).size).toBe(all.length);
  });
});

import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { ServiceState } from '../../../src/health/service-state.js';
import { eventually } from '../../support/eventually.js';
import { send } from '../../support/streams.js';
import { listen, type RunningApp } from './app.js';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const healthy = (name: string) => ({ name, status: 'healthy' });
const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$/) as unknown;

describe('a service that starts', () => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await listen();
  });
  afterAll(() => running.stop());

  test('lives, is not ready, and refuses to guess until the accounts are loaded', async () => {
    expect((await running.get('/health/live')).status).toBe(200);
    const ready = await running.get('/health/ready');
    expect([ready.status, ready.headers['content-type']]).toEqual([
      503,
      'application/problem+json; charset=utf-8',
    ]);
    expect(ready.json()).toMatchObject({
      code: 'not_ready',
      details: { accounts: { status: 'down', message: 'starting' } },
    });
    const health = await running.get('/health');
    expect([health.status, health.json()['status']]).toEqual([503, 'starting']);
    for (const route of ['snapshot', 'accounts', 'trades', 'positions']) {
      const answer = await running.get(`/api/portfolio/${route}`);
      expect([answer.status, answer.json()['code'], answer.headers['retry-after']]).toEqual([
        503,
        'starting',
        '1',
      ]);
    }
    expect((await running.get('/metrics')).status).toBe(200);

    await running.start();
    await eventually(async () => expect((await running.get('/health/ready')).status).toBe(200));
    expect((await running.get('/api/portfolio/snapshot')).status).toBe(200);
  });
});

describe('a service that runs', () => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await listen();
    await running.start();
    const deposit = {
      event_id: 'start',
      type: 'DEPOSIT',
      amount: '1000',
      timestamp: new Date().toISOString(),
    };
    await send(running.redis.client(), 'account.cash_flow', 'V1', deposit);
    await eventually(async () => expect((await running.get('/snapshot')).json()['version']).toBe(1));
  });
  afterAll(() => running.stop());

  test('says what it is', async () => {
    expect((await running.get('/')).json()).toEqual({
      service: 'portfolio-intelligence',
      version,
      status: 'running',
    });
  });

  test('says how it is in both shapes, never from a cache', async () => {
    const common = { service: 'portfolio-intelligence', version, status: 'healthy', timestamp };
    const exchange = { name: 'exchange', status: 'off', message: 'testnet; no API key is set' };
    // Not verified yet, or already.
    const integrity = expect.objectContaining({ name: 'integrity' }) as unknown;
    const components = [...['accounts', 'postgres', 'redis'].map(healthy), exchange, integrity];
    const older = await running.get('/health');
    expect(older.headers['cache-control']).toBe('no-store');
    expect(older.json()).toEqual({ ...common, components });
    await eventually(async () => {
      const body = (await running.get('/api/portfolio/health')).json();
      expect(body).toMatchObject({ ...common, components, last_snapshot_update: timestamp });
      expect(body['snapshot_updates']).toBeGreaterThan(0);
      expect(body['uptime_seconds']).toBeLessThanOrEqual(process.uptime());
    });
  });

  test('shows main without labels and every other account with its name', async () => {
    const deposit = {
      account_id: 'second',
      event_id: 'b',
      type: 'DEPOSIT',
      amount: '5',
      timestamp: new Date().toISOString(),
    };
    await send(running.redis.client(), 'account.cash_flow', 'V1', deposit);
    await eventually(async () => expect((await running.get('/snapshot?account=second')).status).toBe(200));
    const { text, headers } = await running.get('/metrics');
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text).toMatch(/^portfolio_value_usd 1000$/m);
    expect(text).toMatch(/^portfolio_value_usd\{account="second"\} 5$/m);
    expect(text).toMatch(/^portfolio_accounts 2$/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_seconds /m);
    expect(text).toMatch(/^portfolio_messages_total\{event_type="account.cash_flow",outcome="\w+"\} 2$/m);
  });

  test('keeps a position out of the gauges once it is closed', async () => {
    const redis = running.redis.client();
    const common = { trade_id: 't', symbol: 'ETHUSDT', side: 'buy', timestamp: new Date().toISOString() };
    await send(redis, 'trade.opened', 'V1', { ...common, entry_price: '100', quantity: '1' });
    await eventually(async () =>
      expect((await running.get('/metrics')).text).toContain('positions_open{symbol="ETHUSDT"} 1'),
    );
    await send(redis, 'trade.closed', 'V1', { ...common, exit_price: '90', quantity: '1' });
    await eventually(async () =>
      expect((await running.get('/metrics')).text).not.toContain('positions_open{'),
    );
    const { text } = await running.get('/metrics');
    // −10 on deposits of 1000, and below the peak of 1000 by as much.
    expect(text).toMatch(/^portfolio_pnl_percent -1$/m);
    expect(text).toMatch(/^portfolio_drawdown_percent 1$/m);
    expect(text).toMatch(/^portfolio_open_positions_total 0$/m);
  });

  test('without Redis is degraded and not ready, lives, and answers from memory', async () => {
    await running.redis.kill9();
    await eventually(async () => expect((await running.get('/health/ready')).status).toBe(503));
    const ready = (await running.get('/health/ready')).json<{
      details: Record<string, { status: string }>;
    }>();
    expect([ready.details['redis']?.status, ready.details['postgres']?.status]).toEqual(['down', 'up']);
    const health = await running.get('/health');
    expect([health.status, health.json()['status']]).toEqual([200, 'degraded']);
    expect(health.json()['components']).toContainEqual({
      name: 'redis',
      status: 'unhealthy',
      message: expect.any(String),
    });
    expect((await running.get('/health/live')).status).toBe(200);
    expect((await running.get('/snapshot')).status).toBe(200);
    await running.redis.restart();
    await eventually(async () => expect((await running.get('/health/ready')).status).toBe(200));
  });

  test('without Postgres is not ready, answers what is in memory, and says that trades are away', async () => {
    running.gate.shut();
    await eventually(async () => expect((await running.get('/health/ready')).status).toBe(503));
    expect((await running.get('/snapshot')).status).toBe(200);
    const trades = await running.get('/trades');
    expect([trades.status, trades.json()['code'], trades.headers['retry-after']]).toEqual([
      503,
      'dependency_unavailable',
      '1',
    ]);
    const health = await running.get('/health');
    expect([health.status, health.json()['status']]).toEqual([200, 'degraded']);
    for (const { text } of [health, trades]) expect(text).not.toMatch(/127\.0\.0\.1|e2e_/);
    running.gate.open();
    await eventually(async () => expect((await running.get('/health/ready')).status).toBe(200));
    expect((await running.get('/trades')).status).toBe(200);
  });

  test('told to stop is alive and not ready', async () => {
    running.app.get(ServiceState).draining();
    expect((await running.get('/health/live')).status).toBe(200);
    const ready = await running.get('/health/ready');
    expect([ready.status, ready.json()['code']]).toEqual([503, 'not_ready']);
    expect((await running.get('/snapshot')).status).toBe(200);
  });
});

describe('a service that stops', () => {
  test('does not wait for connections that ask nothing, and answers the one that does', async () => {
    const running = await listen();
    await running.start();
    const agent = new Agent({ keepAlive: true });
    await new Promise<void>((resolve, reject) => {
      const call = request(`${running.url}/snapshot`, { agent }, (answer) =>
        answer.resume().on('end', resolve),
      );
      call.on('error', reject).end();
    });
    expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
    const last = running.get('/snapshot');
    await running.stop();
    expect((await last).status).toBe(200);
    expect(Object.values(agent.freeSockets).flat()).toEqual([]);
    agent.destroy();
  }, 10_000);
});

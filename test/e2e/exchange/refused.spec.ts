import { eventually } from '../../support/eventually.js';
import { startExchangeDesk } from '../../support/exchange-desk.js';
import { startFakeExchange } from '../../support/fake-exchange/fake-exchange.js';
import { startStack } from '../../support/stack.js';
import { runToEnd } from '../../support/service.js';
import { freePort } from '../../support/ports.js';

const DEPOSIT = { PORTFOLIO_INITIAL_CASH: '250' };
const WRONG = 'w'.repeat(64);

/** The service serves what it knows by itself, and says what is wrong in health and in the snapshot. */
async function servesWithout(
  env: Record<string, string>,
  kind: string,
  hidden: readonly string[],
): Promise<void> {
  const desk = await startExchangeDesk({}, { ...DEPOSIT, ...env });
  try {
    await eventually(async () => expect(await desk.health()).toMatchObject({ status: 'degraded' }));
    expect((await desk.health()).message).toContain(`testnet; never read; ${kind}`);
    const { cash_balance, positions, warnings } = await desk.snapshot();
    expect([cash_balance, positions]).toEqual(['250', []]);
    expect(warnings).toContain(`exchange_unreachable:${kind.split(' ')[0]}`);
    expect((await desk.stack.service.get('/health/ready')).status).toBe(200);
    const told = desk.stack.service.logs() + (await desk.stack.service.get('/metrics')).text;
    for (const secret of hidden) expect(told).not.toContain(secret);
    expect(desk.stack.service.logs()).not.toMatch(/signature=|x-mbx-apikey/i);
  } finally {
    await desk.stop();
  }
}

describe('a service serves, says why, and makes no number up', () => {
  test('with a wrong key', () =>
    servesWithout({ PORTFOLIO_BINANCE_API_KEY: WRONG }, 'key_refused (-2015)', [WRONG]));

  test('with a wrong secret', () =>
    servesWithout({ PORTFOLIO_BINANCE_API_SECRET: WRONG }, 'key_refused (-1022)', [WRONG]));

  test('with a host that is not there', async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const env = {
      PORTFOLIO_BINANCE_BASE_URL: nobody,
      PORTFOLIO_BINANCE_WS_URL: nobody.replace('http', 'ws'),
    };
    await servesWithout(env, 'unreachable', []);
  });

  test('with a host that is something else', async () => {
    const other = await startFakeExchange();
    other.fail('/', { status: 200, body: '{"service":"another"}' }, 10_000);
    try {
      await servesWithout({ PORTFOLIO_BINANCE_BASE_URL: other.url }, 'bad_answer', []);
    } finally {
      await other.stop();
    }
  });

  test('without keys', async () => {
    const stack = await startStack({ env: DEPOSIT });
    try {
      const health = (await stack.service.get('/health')).json<{ status: string; components: unknown[] }>();
      expect(health.status).toBe('healthy');
      expect(health.components).toContainEqual({
        name: 'exchange',
        status: 'off',
        message: 'testnet; no API key is set',
      });
    } finally {
      await stack.stop();
    }
  });
});

test('a key without its secret ends the service with the names of both, and no value', async () => {
  const { code, logs } = await runToEnd({
    PORTFOLIO_DATABASE_URL: 'postgres://127.0.0.1/none',
    PORTFOLIO_REDIS_URL: 'redis://127.0.0.1',
    BINANCE_API_KEY: WRONG,
  });
  expect(code).toBe(1);
  expect(logs).toContain('PORTFOLIO_BINANCE_API_KEY, PORTFOLIO_BINANCE_API_SECRET: both or neither');
  expect(logs).not.toContain(WRONG);
});

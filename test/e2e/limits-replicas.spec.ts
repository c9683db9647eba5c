import { eventually } from '../support/eventually.js';
import { limitOf } from '../support/limits.js';
import { now, opened, sent, tick } from '../support/outbound.js';
import { startService, type TestService } from '../support/service.js';
import { startStack, type Stack } from '../support/stack.js';
import { send, settled } from '../support/streams.js';

describe('two replicas', () => {
  let stack: Stack;
  let other: TestService;
  const env = { PORTFOLIO_PUBLISH_INTERVAL_MS: '100', MAX_TOTAL_EXPOSURE_USD: '1000' };

  const events = async (kind: string): Promise<unknown[]> => {
    const all = await sent(stack, `portfolio.limit_${kind}`);
    return all.map(({ payload }) => payload['used']);
  };
  /** Both have seen this price. */
  async function price(value: string): Promise<void> {
    await tick(stack, 'BTCUSDT', value);
    for (const service of [stack.service, other])
      await eventually(async () =>
        expect(await limitOf(service, 'total_exposure')).toMatchObject({ used: String(Number(value) * 2) }),
      );
  }

  beforeAll(async () => {
    stack = await startStack({ env: { ...env, PORTFOLIO_REPLICA: 'a' } });
    const { database, server } = stack;
    other = await startService({
      databaseUrl: database.url,
      redisUrl: server.url,
      env: { ...env, PORTFOLIO_REPLICA: 'b' },
    });
    const deposit = { event_id: 'd', type: 'DEPOSIT', amount: '10000', timestamp: now() };
    await send(stack.redis, 'account.cash_flow', 'V1', deposit);
    await send(stack.redis, 'trade.opened', 'V1', opened('t', 'BTCUSDT'));
    await settled(stack.service, stack.redis);
    await settled(other, stack.redis);
  });
  afterAll(async () => {
    await other.stop();
    await stack.stop();
  });

  test('tell a crossing once, and both show that it was told', async () => {
    await price('450');
    await eventually(async () => expect(await events('approaching')).toEqual([900]));
    await price('510');
    await eventually(async () => expect(await events('breached')).toEqual([1020]));
    expect(await events('approaching')).toEqual([900]);
    for (const service of [stack.service, other])
      await eventually(async () =>
        expect(await limitOf(service, 'total_exposure')).toMatchObject({ announced: 'breached' }),
      );
  });

  test('tell it once when the leader is killed right after it', async () => {
    await price('400');
    await eventually(async () => expect(await events('cleared')).toEqual([800]));
    // Nobody knows which of the two leads: the one that is killed is once the leader, and once not.
    await stack.service.kill9();
    await tick(stack, 'BTCUSDT', '520');
    await eventually(async () => expect(await events('breached')).toEqual([1020, 1040]), {
      timeoutMs: 20_000,
    });
    await stack.startAgain();
    await other.kill9();
    await tick(stack, 'BTCUSDT', '530');
    await eventually(async () =>
      expect(await limitOf(stack.service, 'total_exposure')).toMatchObject({
        used: '1060',
        announced: 'breached',
      }),
    );
    await tick(stack, 'BTCUSDT', '300');
    await eventually(async () => expect(await events('cleared')).toEqual([800, 600]), { timeoutMs: 20_000 });
    expect(await events('breached')).toEqual([1020, 1040]);
    const all = [
      ...(await sent(stack, 'portfolio.limit_breached')),
      ...(await sent(stack, 'portfolio.limit_cleared')),
    ];
    expect(new Set(all.map(({ payload }) => payload['event_id'])).size).toBe(4);
  }, 90_000);
});

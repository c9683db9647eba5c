import type { Redis } from 'ioredis';
import { eventually } from '../support/eventually.js';
import { dayOf, factsOf, type Message } from '../support/generate.js';
import { Random } from '../support/generate-random.js';
import { wireOf } from '../support/generate-wire.js';
import { answersOf } from '../support/oracle.js';
import { shownBy, shownFrom } from '../support/shown.js';
import { startStack, type Stack } from '../support/stack.js';
import { send, settled } from '../support/streams.js';

const SEED = 20_260_215;
const TRADES = 300;
const DURATION_MS = 30 * 3_600_000;
/** Facts must lie in the past by the service's clock as well. */
const END = Date.now() - 120_000;

const day = dayOf({ seed: SEED, trades: TRADES, end: END, durationMs: DURATION_MS });
const expected = answersOf(factsOf(day));

async function sendAll(redis: Redis, messages: readonly Message[], random: Random): Promise<void> {
  for (const message of messages) {
    const { eventType, variant, payload } = wireOf(message, random);
    await send(redis, eventType, variant, payload);
  }
}

/** Every message once to three times, each time in another form, and all of them in any order. */
function shuffledWithRepeats(random: Random): Message[] {
  return random.shuffled(
    day.flatMap((message) => Array.from({ length: random.integer(1, 3) }, () => message)),
  );
}

describe('a day of 300 trades with partial closes', () => {
  let inOrder: Stack;
  let shuffled: Stack;

  beforeAll(async () => {
    [inOrder, shuffled] = [await startStack(), await startStack()];
    await sendAll(inOrder.redis, day, new Random(SEED));
    await sendAll(shuffled.redis, shuffledWithRepeats(new Random(SEED + 1)), new Random(SEED + 2));
    await settled(inOrder.service, inOrder.redis);
    await settled(shuffled.service, shuffled.redis);
  }, 180_000);

  afterAll(() => inOrder.stop());
  afterAll(() => shuffled.stop());

  const stacks = [
    ['in order', () => inOrder],
    ['shuffled and repeated', () => shuffled],
  ] as const;

  test.each(stacks)('sent %s: wallet, PnL and equity are those of the oracle', async (_name, stack) => {
    await eventually(async () => {
      const shown = await shownBy(stack().service);
      expect(shown.money).toEqual(shownFrom(expected, new Date()).money);
    });
  });

  test.each(stacks)('sent %s: every position is that of the oracle', async (_name, stack) => {
    await eventually(async () => {
      expect((await shownBy(stack().service)).positions).toEqual(shownFrom(expected, new Date()).positions);
    });
  });

  test.each(stacks)('sent %s: the exposures are those of the oracle', async (_name, stack) => {
    await eventually(async () => {
      expect((await shownBy(stack().service)).exposure).toEqual(shownFrom(expected, new Date()).exposure);
    });
  });

  test.each(stacks)('sent %s: the trade statistics are those of the oracle', async (_name, stack) => {
    await eventually(async () => {
      expect((await shownBy(stack().service)).trades).toEqual(shownFrom(expected, new Date()).trades);
    });
  });

  test('both services show the same', async () => {
    expect(await shownBy(shuffled.service)).toEqual(await shownBy(inOrder.service));
  });

  test.each(stacks)(
    'sent %s: equity is wallet plus unrealized PnL, over all routes',
    async (_name, stack) => {
      const read = async (route: string): Promise<Record<string, unknown>> =>
        (await stack().service.get(`/api/portfolio/${route}`)).json();
      const [snapshot, drawdown] = [await read('snapshot'), await read('drawdown')];
      const sum = Number(snapshot['cash_balance']) + Number(snapshot['unrealized_pnl']);
      expect(snapshot['total_equity']).toBeCloseTo(sum, 6);
      expect(drawdown['current_equity']).toBeCloseTo(sum, 6);
    },
  );

  test.each(stacks)('sent %s: nothing was refused', async (_name, stack) => {
    expect(await stack().redis.keys('quantum:dlq:*')).toEqual([]);
    const [row] = await stack().database.query('SELECT count(*)::int AS refused FROM quarantine');
    expect(row).toEqual({ refused: 0 });
  });
});

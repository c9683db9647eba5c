import { elapsed, eventually } from '../support/eventually.js';
import { Num } from '../support/envelope.js';
import { dayOf, factsOf, type Message } from '../support/generate.js';
import { Random } from '../support/generate-random.js';
import { wireOf } from '../support/generate-wire.js';
import { answersOf } from '../support/oracle.js';
import { shownBy, shownFrom } from '../support/shown.js';
import { startStack, type Stack } from '../support/stack.js';
import { send, settled, streamOf } from '../support/streams.js';

type Body = Record<string, unknown>;

async function read(stack: Stack, route: string): Promise<Body> {
  const body = (await stack.service.get(`/api/portfolio/${route}?numbers=string`)).json();
  delete body['timestamp'];
  // It goes on with the clock.
  delete body['underwater_seconds'];
  return body;
}

/** Sends a price dated now and returns when it values the position. */
async function mark(stack: Stack, symbol: string, price: string): Promise<void> {
  await send(stack.redis, 'market.tick', 'V1', {
    symbol,
    price: new Num(price),
    timestamp: new Date().toISOString(),
  });
  await eventually(async () => {
    const positions = (await read(stack, 'snapshot'))['positions'] as Body[];
    expect(positions.find((position) => position['symbol'] === symbol)).toMatchObject({
      current_price: price,
    });
  });
}

async function deposit(stack: Stack, eventId: string, amount: string): Promise<void> {
  const payload = { event_id: eventId, type: 'DEPOSIT', amount, timestamp: new Date().toISOString() };
  await send(stack.redis, 'account.cash_flow', 'V1', payload);
  await settled(stack.service, stack.redis);
}

async function openTrade(stack: Stack, tradeId: string, price: string, quantity: string): Promise<void> {
  const trade = { trade_id: tradeId, symbol: 'BTCUSDT', side: 'buy', entry_price: price, quantity };
  await send(stack.redis, 'trade.opened', 'V1', { ...trade, timestamp: new Date().toISOString() });
  await settled(stack.service, stack.redis);
}

describe('drawdown and peaks over a restart', () => {
  let stack: Stack;

  beforeEach(async () => {
    stack = await startStack();
    await deposit(stack, 'start', '1000');
    await openTrade(stack, 'one', '100', '1');
    // Equity 1000 → 1200 (the peak) → 900 (the trough) → 1050.
    for (const price of ['300', '0.000001', '150']) await mark(stack, 'BTCUSDT', price);
  });
  afterEach(() => stack.stop());

  test('a dip that only prices made is seen by its depth', async () => {
    expect(await read(stack, 'drawdown')).toMatchObject({ current_equity: '1050', peak_equity: '1200' });
    const depth = Number((await read(stack, 'drawdown'))['max_drawdown_pct']);
    expect(depth).toBeCloseTo(((1200 - 900.000001) / 1200) * 100, 9);
  });

  test('SIGTERM loses nothing, not even the last moment', async () => {
    const [drawdown, snapshot] = [await read(stack, 'drawdown'), await read(stack, 'snapshot')];
    await stack.service.stop();
    await stack.startAgain();
    expect(await read(stack, 'drawdown')).toEqual(drawdown);
    expect(await read(stack, 'snapshot')).toEqual(snapshot);
  });

  test('SIGKILL loses nothing that is older than a second', async () => {
    const [drawdown, seenAt] = [await read(stack, 'drawdown'), Date.now()];
    await elapsed(seenAt, 2_500); // The running candle is written at least every second; the rest is for a slow machine.
    await stack.service.kill9();
    await stack.startAgain();
    expect(await read(stack, 'drawdown')).toEqual(drawdown);
  });

  test('a process that starts does not value positions at their entry when a price was known', async () => {
    await mark(stack, 'BTCUSDT', '900');
    await stack.service.stop();
    // The stream of prices is gone too, so that only what the service itself kept can tell.
    await stack.redis.del(streamOf('market.tick'));
    await stack.startAgain();
    await mark(stack, 'BTCUSDT', '890');
    // Valued at the entry in between, equity would have fallen from 1800 to 1000: 44 %.
    const daily = Number((await read(stack, 'drawdown'))['current_drawdown_pct']);
    expect(daily).toBeCloseTo((10 / 1800) * 100, 9);
    expect(Number((await read(stack, 'drawdown'))['max_drawdown_pct'])).toBeLessThan(26);
  });

  test('a withdrawal is not a drawdown, before and after a restart', async () => {
    const before = await read(stack, 'drawdown');
    const payload = {
      event_id: 'out',
      type: 'WITHDRAWAL',
      amount: '500',
      timestamp: new Date().toISOString(),
    };
    await send(stack.redis, 'account.cash_flow', 'V8', payload);
    await settled(stack.service, stack.redis);
    await stack.service.stop();
    await stack.startAgain();
    const after = await read(stack, 'drawdown');
    expect(after['current_equity']).toBe('550');
    for (const field of ['max_drawdown_pct', 'current_drawdown_pct', 'daily_drawdown_pct'])
      expect(Number(after[field])).toBeCloseTo(Number(before[field]), 9);
  });
});

describe('a day with kills', () => {
  const day = dayOf({ seed: 77, trades: 120, end: Date.now() - 120_000, durationMs: 20 * 3_600_000 });
  const CHUNKS = 6;

  async function sendChunk(stack: Stack, chunk: readonly Message[], random: Random): Promise<void> {
    for (const message of chunk) {
      const { eventType, variant, payload } = wireOf(message, random);
      await send(stack.redis, eventType, variant, payload);
    }
  }

  function chunks(): Message[][] {
    const size = Math.ceil(day.length / CHUNKS);
    return Array.from({ length: CHUNKS }, (_nothing, index) => day.slice(index * size, (index + 1) * size));
  }

  test.each([
    ['SIGTERM', (stack: Stack) => stack.service.stop()],
    ['SIGKILL', (stack: Stack) => stack.service.kill9()],
  ])(
    '%s after every part of it changes nothing in the end',
    async (_name, end) => {
      const stack = await startStack();
      const random = new Random(5);
      try {
        for (const chunk of chunks()) {
          // Half of the chunk comes while the service runs, the other half while it is away.
          await sendChunk(stack, chunk.slice(0, chunk.length / 2), random);
          await end(stack);
          await sendChunk(stack, chunk.slice(chunk.length / 2), random);
          await stack.startAgain();
        }
        await settled(stack.service, stack.redis);
        const expected = answersOf(factsOf(day));
        await eventually(async () =>
          expect(await shownBy(stack.service)).toEqual(shownFrom(expected, new Date())),
        );
      } finally {
        await stack.stop();
      }
    },
    240_000,
  );
});

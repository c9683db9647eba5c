import { setTimeout as delay } from 'node:timers/promises';
import { bare, tickLoad } from '../lib/loads.mjs';
import { symbolsFrom, tick } from '../lib/messages.mjs';
import { repeat, takeTurns } from '../lib/pairs.mjs';
import { atLeast, row, upTo } from '../lib/results.mjs';
import { BARE, OURS, redisUrlOf } from '../lib/servers.mjs';
import { openAccount, snapshotPath, withStack } from '../lib/stack.mjs';
import { percentile } from '../lib/statistics.mjs';
import { callsOf, now, replaceAtOnce, send } from '../lib/streams.mjs';

const TICKS = {
  id: 'ticks',
  what: 'market.tick with 1 000 positions over 200 symbols | bare ioredis, the same batches + JSON.parse + keep newest',
  unit: 'ticks/s',
  target: atLeast(0.8),
};
const VISIBLE = {
  id: 'tick-visible-p99',
  what: 'tick → visible in /snapshot at 10 000 ticks/s, 1 000 positions: 99th percentile',
  unit: 'ms',
  target: upTo(10, 'ms'),
};

export const ids = [TICKS.id, VISIBLE.id];

export const SYMBOLS = 200;
/** An account nets a symbol into one position a side, so that 1 000 positions in 200 symbols are those of five accounts. */
const ACCOUNTS = ['main', 'two', 'three', 'four', 'five'];
/** One position in a symbol of its own, by whose price it is seen how far the ticks were taken; its answer is small. */
export const PROBE = { accountId: 'probe', first: SYMBOLS, count: 1 };
const [PROBE_SYMBOL] = symbolsFrom(PROBE.first, 1);
const TICKS_PER_SECOND = 10_000;
const MOST_MS_A_PROBE = 25;
/** Nothing is trimmed while a service lags behind: a probe must come late rather than never. */
export const FEED = { first: 0, count: SYMBOLS, perSecond: TICKS_PER_SECOND, kept: 1_000_000 };

export async function measure(bench, isWanted) {
  return withStack(bench, async (stack) => {
    for (const accountId of ACCOUNTS) await openAccount(stack, { accountId, count: SYMBOLS });
    await openAccount(stack, PROBE);
    const rows = [];
    if (isWanted(TICKS.id)) {
      const { ours, baseline } = await throughput(stack);
      rows.push(row(TICKS, ours, baseline));
    }
    if (isWanted(VISIBLE.id)) rows.push(row(VISIBLE, await visibility(stack)));
    return rows;
  });
}

let lastPrice = 1;
/** A price that the probe never had; what is seen of it is seen for the first time. */
const newPrice = () => (lastPrice += 1) / 4;

/** Ticks over the 200 symbols, and one of the probe behind them, by which it is seen that all were taken. */
export function manyTicks(count) {
  const symbols = symbolsFrom(0, SYMBOLS);
  const price = newPrice();
  const messages = Array.from({ length: count }, (_, step) => tick(symbols[step % SYMBOLS], step));
  return { price, messages: [...messages, tick(PROBE_SYMBOL, 0, price)] };
}

/** How many of these ticks a second the service takes in. */
export async function ticksPerSecond(stack, { messages, price }) {
  const since = await replaceAtOnce(stack.redis, messages);
  return (messages.length * 1000) / ((await untilPrice(stack, price, 5)) - since);
}

async function throughput(stack) {
  const count = stack.quick ? 100_000 : 400_000;
  let load = manyTicks(count);
  const ours = () => ticksPerSecond(stack, load);
  const batch = await batchOf(stack.redis, count, ours);
  const program = bare(stack, 'ticks');
  await program.ask({ redisUrl: redisUrlOf(stack, BARE), batch, last: PROBE_SYMBOL });
  const baseline = async () => {
    const done = program.answer();
    const since = await replaceAtOnce(stack.bareRedis, load.messages);
    return (load.messages.length * 1000) / ((await done).at - since);
  };
  return takeTurns(stack.rounds, { ours, baseline }, () => (load = manyTicks(count)));
}

/** How many entries the service takes in one read. */
async function batchOf(redis, count, load) {
  const before = await callsOf(redis, 'xread');
  await load();
  return Math.ceil(count / Math.max(1, (await callsOf(redis, 'xread')) - before - 1));
}

/** Asks until the probe's position shows a price; resolves to the moment at which the answer with it was there. */
async function untilPrice({ service }, price, everyMs) {
  const path = snapshotPath(PROBE.accountId);
  for (let give = now() + 120_000; now() < give; await delay(everyMs)) {
    const { positions } = await service.json(path);
    if (positions[0].current_price === price) return now();
  }
  throw new Error('the last tick was never seen');
}

function visibility(stack) {
  const load = tickLoad(stack);
  const probes = stack.quick ? 200 : 1_000;
  return repeat(stack.rounds, async (round) => {
    await load.ask({ redisUrl: redisUrlOf(stack, OURS), ...FEED });
    const latencies = await visibleAfter(stack, round < 0 ? probes / 2 : probes);
    await load.ask({});
    return percentile(latencies, 0.99);
  });
}

/**
 * How long ticks of the probe take from XADD to an answer that shows them, ms, one after the other. A service that falls behind ever
 * farther gets fewer of them, but each of those counts.
 */
export async function visibleAfter(stack, probes) {
  const latencies = [];
  const end = now() + probes * MOST_MS_A_PROBE;
  for (let i = 0; i < probes && (i === 0 || now() < end); i += 1) {
    const price = newPrice();
    const since = now();
    await send(stack.redis, [tick(PROBE_SYMBOL, 0, price)]);
    latencies.push((await untilPrice(stack, price, 0)) - since);
    await delay(5 + (i % 7));
  }
  return latencies;
}

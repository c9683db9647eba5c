import { setTimeout as delay } from 'node:timers/promises';
import { bareConsumer } from '../lib/bare-database.mjs';
import { tickLoad } from '../lib/loads.mjs';
import { Desk } from '../lib/messages.mjs';
import { repeat, takeTurns } from '../lib/pairs.mjs';
import { atMost, below, row } from '../lib/results.mjs';
import { connectRedis, OURS, redisUrlOf } from '../lib/servers.mjs';
import { openAccount, snapshotPath, withStack } from '../lib/stack.mjs';
import { median, percentile } from '../lib/statistics.mjs';
import { now, send, streamOf } from '../lib/streams.mjs';

const PATH =
  'one trade, XADD → committed → visible in /snapshot → in portfolio.snapshot_updated | bare XADD → XREADGROUP → INSERT → COMMIT';
const P50 = { id: 'trade-latency-p50', what: `${PATH}: median`, unit: 'ms', target: atMost(1.5) };
const P99 = { id: 'trade-latency-p99', what: `${PATH}: 99th percentile`, unit: 'ms', target: atMost(2) };
const UNDER_TICKS = {
  id: 'trade-latency-ticks-p99',
  what: 'the same way of one trade, at 100 trades/s with ticks at 100 000/s: 99th percentile',
  unit: 'ms',
  target: below(250, 'ms'),
};

const POSITIONS = 10;
const TICKS_PER_SECOND = 100_000;
const TRADES_PER_SECOND = 100;
const PAUSE_MS = 4;
const EVENTS = streamOf('portfolio.snapshot_updated');

export const ids = [P50.id, P99.id, UNDER_TICKS.id];

export function measure(bench, isWanted) {
  return withStack(bench, async (stack) => {
    const desk = await openAccount(stack, { count: POSITIONS });
    const watch = new Watch(stack);
    const rows = [];
    if (isWanted(P50.id) || isWanted(P99.id)) rows.push(...(await quiet(stack, watch, desk, isWanted)));
    if (isWanted(UNDER_TICKS.id)) rows.push(await underTicks(stack, watch, desk));
    return rows;
  });
}

/** Sees by the outbound stream when a version of the account has left. */
export class Watch {
  constructor(stack) {
    this.stack = stack;
    this.redis = connectRedis(stack, stack.started, stack.redis.options.db);
    this.after = '$';
  }

  async version() {
    return (await this.stack.service.json(snapshotPath())).version;
  }

  /** Reads from here on. */
  async rewind() {
    const [last] = await this.redis.xrevrange(EVENTS, '+', '-', 'COUNT', 1);
    this.after = last?.[0] ?? '0-0';
  }

  /** Resolves to the newest version that the next entries tell, and when they came. */
  async next() {
    const reply = await this.redis.xread('BLOCK', 30_000, 'STREAMS', EVENTS, this.after);
    if (!reply) throw new Error('no snapshot event came in 30 s');
    const at = now();
    const [[, entries]] = reply;
    this.after = entries.at(-1)[0];
    return { at, version: JSON.parse(entries.at(-1)[1][3]).version };
  }
}

async function quiet(stack, watch, desk, isWanted) {
  const program = await bareConsumer(stack, 'latency');
  const another = new Desk({ symbols: desk.symbols, name: 'bare' });
  another.openAll();
  const count = (round) => (round < 0 ? 100 : stack.quick ? 150 : 600);
  const { ours, baseline } = await takeTurns(stack.rounds, {
    ours: (round) => latencies(stack, watch, desk.next(count(round))),
    baseline: (round) => bareLatencies(stack, program, another.next(count(round))),
  });
  const at = (lists, share) => lists.map((list) => percentile(list, share));
  const rows = [row(P50, at(ours, 0.5), at(baseline, 0.5)), row(P99, at(ours, 0.99), at(baseline, 0.99))];
  return rows.filter(({ id }) => isWanted(id));
}

/** One after the other; each must also be visible in /snapshot when its event is out. */
export async function latencies(stack, watch, messages) {
  await watch.rewind();
  let version = await watch.version();
  const found = [];
  for (const message of messages) {
    version += 1;
    const since = now();
    await send(stack.redis, [message]);
    let told = await watch.next();
    while (told.version < version) told = await watch.next();
    found.push(told.at - since);
    if ((await watch.version()) < version) throw new Error('an event was out before /snapshot showed it');
    await delay(PAUSE_MS);
  }
  return found;
}

async function bareLatencies({ bareRedis }, program, messages) {
  const found = [];
  for (const message of messages) {
    const done = program.answer();
    const since = now();
    await send(bareRedis, [message]);
    found.push((await done).at - since);
    await delay(PAUSE_MS);
  }
  return found;
}

/** Trades at a steady rate, whether or not the ones before have come through. */
async function underTicks(stack, watch, desk) {
  const load = tickLoad(stack);
  const feed = { redisUrl: redisUrlOf(stack, OURS), first: 0, count: POSITIONS, perSecond: TICKS_PER_SECOND };
  const rates = [];
  const latencies = await repeat(stack.rounds, async (round) => {
    await watch.rewind();
    const first = (await watch.version()) + 1;
    const messages = desk.next(round < 0 || stack.quick ? 200 : 1_000);
    await load.ask(feed);
    const [sent, found] = [[], []];
    const sending = sendSteadily(stack.redis, messages, sent);
    while (found.length < messages.length) {
      const { at, version } = await watch.next();
      for (; first + found.length <= version;) found.push(at - sent[found.length]);
    }
    await sending;
    rates.push((await load.ask({})).perSecond);
    return percentile(found, 0.99);
  });
  // On a small machine the generator does not get as far as it was asked to.
  const came = Math.round(median(rates)).toLocaleString('en');
  return row({ ...UNDER_TICKS, what: `${UNDER_TICKS.what}; ${came}/s were sent` }, latencies);
}

async function sendSteadily(redis, messages, sent) {
  const since = now();
  for (const [i, message] of messages.entries()) {
    await delay(Math.max(0, since + (i * 1000) / TRADES_PER_SECOND - now()));
    sent.push(now());
    await send(redis, [message]);
  }
}

import { httpLoad, tickLoad } from '../lib/loads.mjs';
import { takeTurns } from '../lib/pairs.mjs';
import { atMost, row } from '../lib/results.mjs';
import { seededDatabase } from '../lib/seed.mjs';
import { redisUrlOf } from '../lib/servers.mjs';
import { openAccount, snapshotPath, untilQuiet, withStack } from '../lib/stack.mjs';
import { percentile } from '../lib/statistics.mjs';
import { computation } from './compute.mjs';
import { latencies, Watch } from './latency.mjs';
import { FEED, manyTicks, PROBE, ticksPerSecond, visibleAfter } from './ticks.mjs';
import { tradesPerSecond } from './trades.mjs';

const SMALL = 1_000;
/** Redis databases of the two services, which run at the same time. */
const DATABASES = { baseline: 0, ours: 2 };
/** The desk keeps a position in each of ten symbols. */
const POSITIONS = 10;

const CASES = [
  { name: 'snapshot-10-c32', unit: 'requests/s', slowdown: true, measure: requestsPerSecond },
  { name: 'trades', unit: 'events/s', slowdown: true, measure: eventsPerSecond },
  { name: 'trade-latency-p50', unit: 'ms', measure: medianLatency },
  { name: 'ticks', unit: 'ticks/s', slowdown: true, measure: ticks },
  { name: 'tick-visible-p99', unit: 'ms', measure: visible },
  { name: 'compute-10', unit: 'µs', measure: computed },
].map((one) => ({ ...one, id: `growth-${one.name}`, target: atMost(1.1) }));

export const ids = CASES.map(({ id }) => id);

/** How many closed trades the large ledger has. */
export const largeLedger = ({ quick }) => (quick ? 50_000 : 1_000_000);

export async function measure(bench, isWanted) {
  const large = await seededDatabase(bench, largeLedger(bench));
  const small = await seededDatabase(bench, SMALL);
  const rows = [];
  const both = async (baseline, ours) => {
    const sides = { baseline: await prepared(baseline), ours: await prepared(ours) };
    for (const one of CASES.filter(({ id }) => isWanted(id))) rows.push(await compare(bench, sides, one));
  };
  await withStack(
    bench,
    (baseline) =>
      withStack(bench, (ours) => both(baseline, ours), { database: large, redisDb: DATABASES.ours }),
    { database: small, redisDb: DATABASES.baseline },
  );
  return rows;
}

async function prepared(stack) {
  const desk = await openAccount(stack, { count: POSITIONS });
  await openAccount(stack, PROBE);
  await untilQuiet(stack);
  return {
    ...{ stack, desk, watch: new Watch(stack) },
    ...{ load: httpLoad(stack), ticker: tickLoad(stack), program: computation(stack) },
  };
}

async function compare(bench, sides, one) {
  const { ours, baseline } = await takeTurns(bench.quick ? bench.rounds : 2 * bench.rounds - 1, {
    ours: (round) => one.measure(sides.ours, round),
    baseline: (round) => one.measure(sides.baseline, round),
  });
  const closed = largeLedger(bench).toLocaleString('en');
  const what = `row ${one.name} with ${closed} closed trades in the ledger | the same with ${SMALL.toLocaleString('en')}; the ratio is how much longer it takes`;
  return row({ ...one, what }, ours, baseline);
}

async function requestsPerSecond({ stack, load }) {
  const question = { port: stack.service.port, path: snapshotPath(), connections: 32 };
  return (await load.ask({ ...question, ms: stack.quick ? 1_500 : 4_000 })).perSecond;
}

function eventsPerSecond({ stack, desk }) {
  return tradesPerSecond(stack, desk.next(stack.quick ? 5_000 : 20_000));
}

async function medianLatency({ stack, desk, watch }) {
  return percentile(await latencies(stack, watch, desk.next(stack.quick ? 100 : 400)), 0.5);
}

function ticks({ stack }) {
  return ticksPerSecond(stack, manyTicks(stack.quick ? 50_000 : 200_000));
}

async function visible({ stack, ticker }) {
  await ticker.ask({ redisUrl: redisUrlOf(stack, stack.redis.options.db), ...FEED });
  const found = await visibleAfter(stack, stack.quick ? 150 : 600);
  await ticker.ask({});
  return percentile(found, 0.99);
}

async function computed({ stack, program }) {
  const { ours } = await program.ask({ accountId: 'main', rounds: 1, ms: stack.quick ? 200 : 500 });
  return ours[0];
}

import { setTimeout as delay } from 'node:timers/promises';
import { startHello } from '../lib/hello.mjs';
import { takeTurns } from '../lib/pairs.mjs';
import { atMost, below, row } from '../lib/results.mjs';
import { createDatabase } from '../lib/servers.mjs';
import { migrate } from '../lib/seed.mjs';
import { startService } from '../lib/service.mjs';
import { openAccount, untilQuiet, withStack } from '../lib/stack.mjs';
import { median } from '../lib/statistics.mjs';
import { manyTicks, PROBE, SYMBOLS, ticksPerSecond } from './ticks.mjs';
import { tradesPerSecond } from './trades.mjs';

const MEBIBYTE = 2 ** 20;
const IDLE = {
  id: 'memory-idle',
  what: 'resident memory, ready and idle | Nest + Fastify + TypeORM "hello"',
  unit: 'MiB',
  target: atMost(1.5),
};
const GROWTH = { id: 'memory-growth', unit: 'MiB', target: below(5, 'MB') };

/** The heap of a busy process breathes by a hundred megabytes; what it holds is what is left when it was told to give up the rest. */
const COLLECTING = ['--expose-gc', '--import', new URL('../lib/collect.mjs', import.meta.url).href];

const CHUNK_TICKS = 100_000;
const CHUNK_TRADES = 5_000;

export const ids = [IDLE.id, GROWTH.id];

export async function measure(bench, isWanted) {
  const rows = [];
  if (isWanted(IDLE.id)) rows.push(await idle(bench));
  if (isWanted(GROWTH.id)) rows.push(await withStack(bench, growth, { nodeFlags: COLLECTING }));
  return rows;
}

async function idle(bench) {
  const databaseUrl = await createDatabase(bench, 'warm');
  await migrate(databaseUrl);
  const settled = (start) => async () => {
    const program = await start();
    try {
      await program.untilReady('/health/ready');
      return (await memoryOf(program, bench)) / MEBIBYTE;
    } finally {
      await program.stop();
    }
  };
  const { ours, baseline } = await takeTurns(bench.rounds, {
    ours: settled(() => startService(bench, { databaseUrl })),
    baseline: settled(() => startHello(bench, databaseUrl)),
  });
  return row(IDLE, ours, baseline);
}

/** The median of some looks at a process that has nothing to do, the first after a while. */
async function memoryOf(program, { quick }) {
  const settleMs = quick ? 1_500 : 5_000;
  const looks = [];
  for (let i = 0; i < 5; i += 1) {
    await delay(i === 0 ? settleMs : settleMs / 10);
    looks.push(program.memory());
  }
  return median(looks);
}

/**
 * One long run, of which the first fifth is the warm-up: what counts is the median of what it held after the last rounds against that
 * after the first ones, each measured at rest and when it was told to give up what it does not need: how much of the room for the young is
 * touched comes and goes by ten megabytes.
 */
async function growth(stack) {
  const desk = await openAccount(stack, { count: SYMBOLS });
  await openAccount(stack, PROBE);
  const [ticks, trades] = stack.quick ? [500_000, 10_000] : [10_000_000, 100_000];
  const chunks = ticks / CHUNK_TICKS;
  const looks = [];
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    await ticksPerSecond(stack, manyTicks(CHUNK_TICKS));
    const due = Math.round(trades / chunks / 2) * 2;
    for (let left = due; left > 0; left -= CHUNK_TRADES)
      await tradesPerSecond(stack, desk.next(Math.min(left, CHUNK_TRADES)));
    await untilQuiet(stack);
    if (!isLook(chunk, chunks)) continue;
    process.kill(stack.service.child.pid, 'SIGUSR2');
    looks.push((await memoryOf(stack.service, stack)) / MEBIBYTE);
  }
  const half = looks.length / 2;
  const grown = median(looks.slice(half)) - median(looks.slice(0, half));
  const what = `resident memory, garbage collected, gained by ${ticks.toLocaleString('en')} ticks and ${trades.toLocaleString('en')} trade events after the warm-up (negative: it gave some back)`;
  return row({ ...GROWTH, what }, [grown]);
}

/** Looks at the end of the first fifth and at the end of the run, a tenth of the run each. */
function isLook(chunk, chunks) {
  const share = (chunk + 1) / chunks;
  return (share > 0.1 && share <= 0.2) || share > 0.9;
}

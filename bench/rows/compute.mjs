import { join } from 'node:path';
import { startChild } from '../lib/children.mjs';
import { GIVES_BACK, ROOM_FOR_THE_YOUNG } from '../../scripts/lib/node-flags.mjs';
import { atMost, row } from '../lib/results.mjs';
import { BARE, redisUrlOf } from '../lib/servers.mjs';
import { openAccount, withStack } from '../lib/stack.mjs';

const CASES = [10, 1_000, 10_000].map((positions) => ({
  id: `compute-${positions}`,
  what: `a snapshot of ${positions} positions computed from scratch: every mark is new, all positions revalued, all sums | JSON.stringify of that snapshot`,
  unit: 'µs',
  target: atMost(0.5),
  positions,
}));

export const ids = CASES.map(({ id }) => id);

export function measure(bench, isWanted) {
  const wanted = CASES.filter(({ id }) => isWanted(id));
  return withStack(bench, async (stack) => {
    for (const { id, positions } of wanted)
      await openAccount(stack, { accountId: id, count: positions / 2, bothSides: true });
    // Its heartbeats would fall into the measurement.
    await stack.service.stop();
    const program = computation(stack);
    const rows = [];
    for (const one of wanted) {
      const { ours, baseline } = await program.ask({
        accountId: one.id,
        rounds: stack.rounds,
        ms: budget(stack),
      });
      rows.push(row(one, ours, baseline));
    }
    return rows;
  });
}

const budget = ({ quick }) => (quick ? 300 : 1_000);

/** A process that holds the service's modules and the same accounts, without HTTP and without messages. */
export function computation(stack) {
  const { folder, started, databaseUrl } = stack;
  const env = {
    ...GIVES_BACK,
    PORTFOLIO_DATABASE_URL: databaseUrl,
    PORTFOLIO_REDIS_URL: redisUrlOf(stack, BARE),
  };
  const log = join(folder, 'compute.log');
  const child = startChild('bench/load/compute.mjs', { env, log, nodeFlags: [ROOM_FOR_THE_YOUNG] });
  return started.add('the computation', child);
}

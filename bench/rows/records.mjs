import { GIVES_BACK, ROOM_FOR_THE_YOUNG } from '../../scripts/lib/node-flags.mjs';
import { run } from '../../scripts/lib/processes.mjs';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { takeTurns } from '../lib/pairs.mjs';
import { atLeast, row } from '../lib/results.mjs';
import { seededDatabase } from '../lib/seed.mjs';
import { urlOfDatabase } from '../lib/servers.mjs';
import { Started } from '../../scripts/lib/ending.mjs';
import { now } from '../lib/streams.mjs';

const REBUILD = {
  id: 'rebuild',
  unit: 'facts/s',
  target: atLeast(0.3),
};

export const ids = [REBUILD.id];

export async function measure(bench, isWanted) {
  const started = new Started();
  bench.started.add('the bare reader', { stop: () => started.stopAll() });
  try {
    return isWanted(REBUILD.id) ? [await rebuild({ ...bench, started })] : [];
  } finally {
    await started.stopAll();
  }
}

/** The whole process is timed on either side, so that its start counts alike. It fails when the projections are not equal to the ledger. */
async function rebuild(bench) {
  const trades = bench.quick ? 10_000 : 200_000;
  const facts = 2 * trades + 1;
  const databaseUrl = urlOfDatabase(bench, await seededDatabase(bench, trades));
  const timed = (program, env) => async () => {
    const since = now();
    await run(process.execPath, [ROOM_FOR_THE_YOUNG, program], {
      cwd: projectRoot,
      env: { PATH: process.env.PATH, ...GIVES_BACK, ...env },
    });
    return (facts * 1000) / (now() - since);
  };
  const { ours, baseline } = await takeTurns(bench.rounds, {
    ours: timed('dist/rebuild.js', { PORTFOLIO_DATABASE_URL: databaseUrl }),
    baseline: timed('bench/bare/select.mjs', { DATABASE_URL: databaseUrl }),
  });
  const what = `npm run rebuild of ${facts.toLocaleString('en')} facts, nothing differs, start of the process included | bare SELECT of them in the same order`;
  return row({ ...REBUILD, what }, ours, baseline);
}

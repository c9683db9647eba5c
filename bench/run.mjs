import { relative } from 'node:path';
import { ensureBuilt } from '../scripts/lib/build.mjs';
import { aborted, endingSignal, Started } from '../scripts/lib/ending.mjs';
import { killAllServers } from '../scripts/lib/processes.mjs';
import { projectRoot } from '../scripts/lib/paths.mjs';
import { elapsed, explain, say, Sentence } from '../scripts/lib/say.mjs';
import { isWanted, readArguments } from './lib/arguments.mjs';
import { circumstancesOf } from './lib/circumstances.mjs';
import { showTable } from './lib/report.mjs';
import { writeResults } from './lib/results.mjs';
import { connectRedis, OURS, provideServers } from './lib/servers.mjs';
import * as compute from './rows/compute.mjs';
import * as growth from './rows/growth.mjs';
import * as imports from './rows/import.mjs';
import * as latency from './rows/latency.mjs';
import * as memory from './rows/memory.mjs';
import * as records from './rows/records.mjs';
import * as snapshot from './rows/snapshot.mjs';
import * as start from './rows/start.mjs';
import * as ticks from './rows/ticks.mjs';
import * as trades from './rows/trades.mjs';

/**
 * `npm run bench [-- --quick] [--only ID]`: measures the built service beside bare baselines, in one run on this machine, with a
 * Postgres and a Redis of its own. See docs/performance.md.
 */
const FAMILIES = [trades, latency, ticks, snapshot, compute, growth, start, memory, records, imports];

const signal = endingSignal();
const started = new Started();

async function provide({ quick }) {
  const servers = await provideServers(started);
  // Rewriting its file now and then would fall on whatever is measured at that moment.
  const redis = connectRedis(servers, started, OURS);
  await redis.config('SET', 'auto-aof-rewrite-percentage', '0');
  return { ...servers, started, quick, rounds: quick ? 3 : 5, signal, seeds: new Set() };
}

async function measureAll(bench, only) {
  const stopped = aborted(signal).then(() => signal.throwIfAborted());
  const rows = [];
  const failures = [];
  for (const family of FAMILIES) {
    const wanted = family.ids.filter((id) => isWanted(only, id));
    if (wanted.length === 0) continue;
    const since = Date.now();
    try {
      const measured = family.measure(bench, (id) => isWanted(only, id));
      rows.push(...(await Promise.race([measured, stopped])));
    } catch (error) {
      if (signal.aborted) throw error;
      failures.push(`${wanted.join(', ')}: ${explain(error)}`);
    }
    signal.throwIfAborted();
    say(`${wanted.length} rows in ${elapsed(since)}: ${wanted.join(', ')}`);
  }
  return { rows, failures };
}

async function main() {
  const { quick, only, list } = readArguments();
  const ids = FAMILIES.flatMap((family) => family.ids);
  if (list) return say(ids.join('\n'));
  if (!ids.some((id) => isWanted(only, id)))
    throw new Sentence(`There is no such row; there are: ${ids.join(' ')}`);
  await ensureBuilt({ signal });
  const bench = await provide({ quick });
  const circumstances = circumstancesOf(bench);
  const { rows, failures } = await measureAll(bench, only);
  showTable(rows, circumstances);
  say(`\nWritten to ${relative(projectRoot, await writeResults(rows, circumstances))}.`);
  for (const failure of failures) say(`NOT MEASURED ${failure}`);
  if (failures.length > 0) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  if (!signal.aborted) say(explain(error));
  process.exitCode = 1;
} finally {
  await started.stopAll();
  // What was just being started when it was stopped is in no list yet.
  killAllServers();
}
process.exit();

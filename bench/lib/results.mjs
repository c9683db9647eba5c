import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { summary } from './statistics.mjs';

const file = join(projectRoot, 'bench', 'results', 'latest.json');

/** What has to be reached. `of` says of which number: the ratio ours ÷ baseline, or ours alone. */
export const atLeast = (limit) => ({
  of: 'ratio',
  text: `ratio ≥ ${limit}`,
  holds: (ratio) => ratio >= limit,
});
export const atMost = (limit) => ({
  of: 'ratio',
  text: `ratio ≤ ${limit}`,
  holds: (ratio) => ratio <= limit,
});
export const below = (limit, unit) => ({
  of: 'ours',
  text: `< ${limit} ${unit}`,
  holds: (ours) => ours < limit,
});
export const upTo = (limit, unit) => ({
  of: 'ours',
  text: `≤ ${limit} ${unit}`,
  holds: (ours) => ours <= limit,
});

/** Three digits that mean something, and no more than the measurement has. */
const rounded = (value) => (value === null ? null : Number(value.toPrecision(4)));

/**
 * One row of the table: medians, with the smallest and the largest of the rounds. Without a baseline its ratio is null. For
 * a rate whose `slowdown` is asked for, the ratio is baseline ÷ ours: how much longer the same work takes.
 */
export function row({ id, what, unit, target, slowdown = false }, ours, baseline = null) {
  const mine = summary(ours);
  const bare = baseline && summary(baseline);
  const quotient = bare && mine.median / bare.median;
  const ratio = slowdown ? 1 / quotient : quotient;
  return {
    id,
    what,
    unit,
    ours: rounded(mine.median),
    baseline: rounded(bare ? bare.median : null),
    ratio: rounded(ratio),
    target: target.text,
    met: target.holds(target.of === 'ratio' ? ratio : mine.median),
    rounds: ours.length,
    ours_min: rounded(mine.min),
    ours_max: rounded(mine.max),
    baseline_min: rounded(bare ? bare.min : null),
    baseline_max: rounded(bare ? bare.max : null),
  };
}

/** Puts rows into the list of the latest ones: a run of some rows leaves the others as they were, each with its own circumstances. */
export async function writeResults(rows, circumstances) {
  const earlier = await readFile(file, 'utf8').then(JSON.parse, (error) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const measured = new Map(rows.map((one) => [one.id, { ...one, ...circumstances }]));
  const kept = earlier.map((one) => measured.get(one.id) ?? one);
  const added = [...measured.values()].filter((one) => !earlier.some(({ id }) => id === one.id));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify([...kept, ...added], null, 2)}\n`);
  return file;
}

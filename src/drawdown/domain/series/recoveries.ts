import type { Decimal } from '../../../shared/decimal.js';

/** One stay under water. Indexes are places in the series. */
export interface Episode {
  /** The peak's last touch before the fall. */
  readonly peakIndex: number;
  /** The lowest level of the stay. */
  readonly troughIndex: number;
  /** The first level that is at the peak again; null while it is not reached. */
  readonly recoveredIndex: number | null;
}

/** Every stay below a peak, oldest first; the last may still run. */
export function episodes(levels: readonly Decimal[]): Episode[] {
  const found: Episode[] = [];
  let peakIndex = 0;
  let troughIndex: number | null = null;
  for (const [index, level] of levels.entries()) {
    const below = level.lessThan(levels[peakIndex]!);
    if (below)
      troughIndex = troughIndex !== null && !level.lessThan(levels[troughIndex]!) ? troughIndex : index;
    else {
      if (troughIndex !== null) found.push({ peakIndex, troughIndex, recoveredIndex: index });
      peakIndex = index;
      troughIndex = null;
    }
  }
  return troughIndex === null ? found : [...found, { peakIndex, troughIndex, recoveredIndex: null }];
}

/**
 * The longest time from a peak's last touch until that level was reached again, in the unit of `times`. What has not
 * recovered does not count: see `timeUnderwater`. Zero when nothing has recovered.
 */
export function longestRecovery(levels: readonly Decimal[], times: readonly number[]): number {
  return episodes(levels).reduce((longest, episode) => {
    if (episode.recoveredIndex === null) return longest;
    return Math.max(longest, lasted(episode, episode.recoveredIndex, times));
  }, 0);
}

/** The longest stay under water, the running one up to the last time included; zero when it never fell. */
export function longestUnderwater(levels: readonly Decimal[], times: readonly number[]): number {
  return episodes(levels).reduce(
    (longest, episode) =>
      Math.max(longest, lasted(episode, episode.recoveredIndex ?? levels.length - 1, times)),
    0,
  );
}

/** How long the series has been under water at its end; zero at a peak. */
export function timeUnderwater(levels: readonly Decimal[], times: readonly number[]): number {
  const running = episodes(levels).at(-1);
  return running === undefined || running.recoveredIndex !== null
    ? 0
    : lasted(running, levels.length - 1, times);
}

function lasted(episode: Episode, until: number, times: readonly number[]): number {
  return times[until]! - times[episode.peakIndex]!;
}

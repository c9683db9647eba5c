import type { Delivery } from './intake.js';
import { compareEntryIds } from './redis.js';

/** The newest id up to which every stream is known; null when none filled its share of the batch. */
export function horizonOf(found: readonly Delivery[], share: number): string | null {
  const counts = new Map<string, { count: number; last: string }>();
  for (const { stream, entryId } of found)
    counts.set(stream, { count: (counts.get(stream)?.count ?? 0) + 1, last: entryId });
  const full = [...counts.values()].filter(({ count }) => count >= share).map(({ last }) => last);
  return full.sort(compareEntryIds)[0] ?? null;
}

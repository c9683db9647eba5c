import type { Delivery } from './intake.js';
import { compareEntryIds } from './redis.js';

/**
 * Makes one sequence of the entries of several streams, of each of which up to `share` are read at a time: one that filled its share may
 * have older entries left than the newest of the others, which are held here until it is their turn.
 */
export class ReadAhead {
  /** By their ids, the oldest first. */
  private held: Delivery[] = [];
  private more = false;

  constructor(private readonly share: number) {}

  /** Whether the last look at the streams found more than it could take. */
  get hasMore(): boolean {
    return this.more;
  }

  /**
   * The streams of which a share is held already: to be left alone until their turn comes, or a long backlog of the others would bring all
   * of them into memory.
   */
  full(): ReadonlySet<string> {
    return new Set(lastOfFull(this.held, this.share).keys());
  }

  /** Adds what was found in the streams that are not full. Returns what comes next, oldest first, up to where every stream is known. */
  inTurn(found: readonly Delivery[]): Delivery[] {
    const ends = [this.held, found].flatMap((entries) => [...lastOfFull(entries, this.share).values()]);
    const horizon = ends.sort(compareEntryIds)[0];
    const all = [...this.held, ...found].sort((a, b) => compareEntryIds(a.entryId, b.entryId));
    this.more = horizon !== undefined;
    const isLater = ({ entryId }: Delivery): boolean =>
      horizon !== undefined && compareEntryIds(entryId, horizon) > 0;
    this.held = all.filter(isLater);
    return all.filter((entry) => !isLater(entry));
  }

  /** Those of `found` that are not held. */
  without(found: readonly Delivery[]): Delivery[] {
    const held = new Set(this.held.map(({ stream, entryId }) => `${stream} ${entryId}`));
    return found.filter(({ stream, entryId }) => !held.has(`${stream} ${entryId}`));
  }

  /** Everything that is held, whoever's turn it is; nothing is held any more. */
  release(): Delivery[] {
    const released = this.held;
    this.held = [];
    return released;
  }
}

/** The streams that have `share` entries or more, each with the last of them: behind it there may be others. */
function lastOfFull(entries: readonly Delivery[], share: number): ReadonlyMap<string, string> {
  const counts = new Map<string, { count: number; last: string }>();
  for (const { stream, entryId } of entries)
    counts.set(stream, { count: (counts.get(stream)?.count ?? 0) + 1, last: entryId });
  const full = [...counts].filter(([, { count }]) => count >= share);
  return new Map(full.map(([stream, { last }]) => [stream, last]));
}

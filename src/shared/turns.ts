import { setImmediate as nextTurn } from 'node:timers/promises';

/** Long work that may be left wherever it yields. */
export type Work<T> = Generator<void, T, void>;

/** Work may go on this long before whatever else waits has its turn: a price or a trade hardly notices. Several that follow one another each have as long. */
const MOST_MS = 3;

/** Does it without a pause. */
export function atOnce<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** Does it with pauses, in which everything else goes on. Throws what the work throws. */
export async function inTurns<T>(work: Work<T>): Promise<T> {
  const turns = new Turns();
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (turns.isOver) await turns.next();
  }
}

/** The same for work that waits for others anyway: it asks now and then whether its turn is over. */
export class Turns {
  private since = performance.now();

  get isOver(): boolean {
    return performance.now() - this.since > MOST_MS;
  }

  /** Resolves when everything else that waited has had its turn. */
  async next(): Promise<void> {
    await nextTurn();
    this.since = performance.now();
  }
}

/** One result for each, with pauses. */
export function mapInTurns<From, To>(items: readonly From[], map: (item: From) => To): Promise<To[]> {
  return inTurns(mapping(items, map));
}

function* mapping<From, To>(items: readonly From[], map: (item: From) => To): Work<To[]> {
  const found: To[] = [];
  for (const item of items) {
    found.push(map(item));
    yield;
  }
  return found;
}

/** So many are sorted in one go. */
const RUN = 1024;

/** The items in order; equal ones stay as they were given. */
export function* sorted<T>(items: readonly T[], compare: (a: T, b: T) => number): Work<T[]> {
  let runs: T[][] = [];
  for (let start = 0; start < items.length; start += RUN) {
    runs.push(items.slice(start, start + RUN).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const longer: T[][] = [];
    for (let i = 0; i < runs.length; i += 2) longer.push(yield* merged(runs[i]!, runs[i + 1] ?? [], compare));
    runs = longer;
  }
  return runs[0] ?? [];
}

function* merged<T>(first: readonly T[], second: readonly T[], compare: (a: T, b: T) => number): Work<T[]> {
  const all: T[] = [];
  let [i, j] = [0, 0];
  while (i < first.length || j < second.length) {
    // Asked the way that sorting asks, so that one that never calls two equal keeps their order too.
    const isFirst = j === second.length || (i < first.length && compare(second[j]!, first[i]!) >= 0);
    all.push(isFirst ? first[i++]! : second[j++]!);
    if (all.length % RUN === 0) yield;
  }
  return all;
}

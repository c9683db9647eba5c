import fc from 'fast-check';
import { Turns, atOnce, inTurns, mapInTurns, sorted } from '../../../src/shared/turns.js';

/** Keeps the processor for so many milliseconds, a little at a time. */
function* busy(ms: number): Generator<void, string, void> {
  for (const end = performance.now() + ms; performance.now() < end;) yield;
  return 'done';
}

/** How often something else had its turn while this went on. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let [turns, isOver] = [0, false];
  const count = () => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await work();
  isOver = true;
  return turns;
}

describe('long work', () => {
  it('lets everything else have its turn in between, and gives what it comes to', async () => {
    let result = '';
    const turns = await turnsDuring(async () => (result = await inTurns(busy(60))));
    expect(result).toBe('done');
    expect(turns).toBeGreaterThan(3);
  });

  it('that is done without a pause gives the same', () => {
    expect(atOnce(busy(5))).toBe('done');
  });

  it('that is short is not left at all', async () => {
    expect(await turnsDuring(() => mapInTurns([1, 2, 3], (n) => n * 2))).toBeLessThan(2);
  });

  it('gives one result for each, in their order', async () => {
    expect(await mapInTurns([3, 1, 2], (n) => n * 2)).toEqual([6, 2, 4]);
  });

  it('passes on what it throws', async () => {
    const failing = () => mapInTurns([1], () => JSON.parse('{') as unknown);
    await expect(failing()).rejects.toThrow(SyntaxError);
  });

  it('begins a new turn when the others have had theirs', async () => {
    const turns = new Turns();
    atOnce(busy(10));
    expect(turns.isOver).toBe(true);
    await turns.next();
    expect(turns.isOver).toBe(false);
  });
});

describe('sorted in turns', () => {
  const compare = (a: [number, number], b: [number, number]) => a[0] - b[0];

  it('is what sorting at once gives, equal ones in the order they had', () => {
    const lengths = fc.constantFrom(0, 1, 5, 1023, 1024, 1025, 3000, 5000);
    fc.assert(
      fc.property(
        lengths,
        fc.integer({ min: 1, max: 50 }),
        fc.infiniteStream(fc.nat(1_000_000)),
        (length, kinds, stream) => {
          const items = Array.from({ length }, (_, i): [number, number] => [
            (stream.next().value as number) % kinds,
            i,
          ]);
          expect(atOnce(sorted(items, compare))).toEqual([...items].sort(compare));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('keeps the order of equal ones also where they are never called equal', () => {
    const items = Array.from({ length: 3000 }, (_, i): [number, number] => [i % 3, i]);
    const neverEqual = (a: [number, number], b: [number, number]) => (a[0] < b[0] ? -1 : 1);
    expect(atOnce(sorted(items, neverEqual))).toEqual([...items].sort(compare));
  });

  it('leaves what it was given as it was', () => {
    const items: [number, number][] = [
      [2, 0],
      [1, 1],
    ];
    atOnce(sorted(items, compare));
    expect(items).toEqual([
      [2, 0],
      [1, 1],
    ]);
  });
});

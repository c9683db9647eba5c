import { Loop } from '../../../src/shared/loop.js';
import { eventually } from '../../support/eventually.js';

const A_MINUTE = 60_000;

describe('a loop', () => {
  test('takes turn after turn, each after the rest that the one before asked for', async () => {
    let turns = 0;
    const loop = new Loop(
      () => Promise.resolve(++turns < 3 ? 0 : A_MINUTE),
      () => A_MINUTE,
    );
    loop.start();
    await eventually(() => expect(turns).toBe(3));
    await loop.stop();
    expect(turns).toBe(3);
  });

  test('says of a failure whether it is the first in a row, and goes on', async () => {
    const outcomes = ['fails', 'fails', 'works', 'fails'];
    const heard: [string, boolean][] = [];
    const loop = new Loop(
      () =>
        outcomes[0] === 'works'
          ? Promise.resolve(outcomes.shift()!.length * 0)
          : Promise.reject(new Error(outcomes.shift())),
      (error, isNew) => {
        heard.push([(error as Error).message, isNew]);
        return outcomes.length > 0 ? 0 : A_MINUTE;
      },
    );
    loop.start();
    await eventually(() => expect(heard).toHaveLength(3));
    await loop.stop();
    expect(heard.map(([, isNew]) => isNew)).toEqual([true, false, true]);
  });

  test('does nothing when it is stopped within its first rest', async () => {
    let turns = 0;
    const loop = new Loop(
      () => Promise.resolve(++turns),
      () => 0,
    );
    loop.start(A_MINUTE);
    await loop.stop();
    expect(turns).toBe(0);
  });

  test('is stopped when the turn in hand has ended, whose rests are cut short', async () => {
    const seen: string[] = [];
    const loop = new Loop(
      async () => {
        seen.push('begun');
        await loop.rest(A_MINUTE);
        seen.push(loop.isStopping ? 'told to end' : 'rested');
        return 0;
      },
      () => 0,
    );
    loop.start();
    await eventually(() => expect(seen).toEqual(['begun']));
    await loop.stop();
    expect(seen).toEqual(['begun', 'told to end']);
  });

  test('is stopped before it was started', async () => {
    await expect(
      new Loop(
        () => Promise.resolve(0),
        () => 0,
      ).stop(),
    ).resolves.toBeUndefined();
  });
});

import fc from 'fast-check';
import { absorb } from '../../../src/drawdown/domain/absorb-curve.js';
import type { EquityCurve } from '../../../src/drawdown/domain/equity-curve.js';
import { EMPTY_CURVE, growthOf, observe } from '../../../src/drawdown/domain/equity-curve.js';
import { Decimal } from '../../../src/shared/decimal.js';
import { at, d, figures, path, UTC } from './curve.js';

interface Seen {
  readonly now: number;
  readonly equity: number;
}

/** What a list of all values says of the falls in it; the first value is > 0 and no money moves. */
function fallsOf(seen: readonly Seen[]): Partial<EquityCurve> {
  const peakOf = (upTo: number) => Math.max(...seen.slice(0, upTo + 1).map(({ equity }) => equity));
  const touched = seen.findLastIndex(({ equity }, i) => equity === peakOf(i));
  const since = seen.slice(touched);
  const lowest = Math.min(...since.map(({ equity }) => equity));
  const depths = seen.map(({ equity }, i) => (peakOf(i) - Math.max(0, equity)) / peakOf(i));
  const deepest = depths.indexOf(Math.max(...depths));
  const peakOfDeepest = seen.findLastIndex(({ equity }, i) => i <= deepest && equity === peakOf(deepest));
  return {
    peakAt: seen[touched]!.now,
    troughAt: since.find(({ equity }) => equity === lowest)!.now,
    underwaterSince: since[1]?.now ?? null,
    longestRecovery: longestOf(seen, peakOf),
    maxDrawdownPeakAt: depths[deepest] === 0 ? null : seen[peakOfDeepest]!.now,
    maxDrawdownTroughAt: depths[deepest] === 0 ? null : seen[deepest]!.now,
  };
}

function longestOf(seen: readonly Seen[], peakOf: (upTo: number) => number): number | null {
  const below = seen.map(({ equity }, i) => equity < peakOf(i));
  const recoveries = seen.flatMap(({ now }, i) => {
    if (below[i] || !below[i - 1]) return [];
    const start = below.lastIndexOf(false, i - 1) + 1;
    return [now - seen[start]!.now];
  });
  return recoveries.length > 0 ? Math.max(...recoveries) : null;
}

const histories = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 8 })), {
    minLength: 1,
    maxLength: 25,
  })
  .map((rows) => {
    let now = at('05 09:00');
    return rows.map(([later, equity]): Seen => ({ now: (now += later * 60_000_000), equity }));
  });

const curveOf = (seen: readonly Seen[], from = EMPTY_CURVE) =>
  seen.reduce((curve, { now, equity }) => observe(curve, d(equity), now, UTC), from);

describe('time under water', () => {
  it('is what the list of all values says', () => {
    fc.assert(
      fc.property(histories, (seen) => {
        expect(curveOf(seen)).toMatchObject(fallsOf(seen));
      }),
      { numRuns: 500 },
    );
  });

  it('goes on while money moves, and ends with the series', () => {
    const fallen = path([
      ['05 09:00', 'flow', 100],
      ['05 10:00', 'is', 80],
      ['05 11:00', 'flow', 40],
      ['05 12:00', 'is', 90],
    ]);
    expect(fallen).toMatchObject({
      underwaterSince: at('05 10:00'),
      troughAt: at('05 12:00'),
      longestRecovery: null,
    });
    const recovered = path([['05 14:00', 'is', 160]], UTC, fallen);
    expect(recovered).toMatchObject({ underwaterSince: null, longestRecovery: 4 * 3_600_000_000 });
    const renewed = path(
      [
        ['05 13:00', 'is', 0],
        ['05 14:00', 'flow', 10],
      ],
      UTC,
      fallen,
    );
    expect(renewed).toMatchObject({
      underwaterSince: null,
      longestRecovery: null,
      maxDrawdownTroughAt: at('05 13:00'),
    });
  });
});

describe('growth', () => {
  const growth = (curve: EquityCurve) => growthOf(curve).toString();

  it('is the index of the first series, and 1 before there is one', () => {
    expect([
      growth(EMPTY_CURVE),
      growth(
        path([
          ['05 09:00', 'flow', 100],
          ['05 10:00', 'is', 130],
          ['05 11:00', 'flow', 70],
        ]),
      ),
    ]).toEqual(['1', '1.3']);
  });

  it('goes on over a withdrawal of everything', () => {
    const curve = path([
      ['05 09:00', 'flow', 100],
      ['05 10:00', 'is', 150],
      ['05 11:00', 'flow', -150],
    ]);
    expect(growth(curve)).toBe('1.5');
    expect(
      growth(
        path(
          [
            ['06 09:00', 'flow', 10],
            ['06 10:00', 'is', 12],
          ],
          UTC,
          curve,
        ),
      ),
    ).toBe('1.8'); // 1.5 × 1.2
  });

  it('starts again at 1 after a ruin, which is counted', () => {
    const ruined = path([
      ['05 09:00', 'flow', 100],
      ['05 10:00', 'is', -5],
    ]);
    expect([growth(ruined), ruined.ruins]).toEqual(['0', 0]);
    const renewed = path(
      [
        ['06 09:00', 'flow', 10],
        ['06 10:00', 'is', 12],
      ],
      UTC,
      ruined,
    );
    expect([growth(renewed), renewed.ruins]).toEqual(['2.4', 1]); // from 5 to 12
  });
});

describe('two observers under water', () => {
  it('together know the longest recovery of both, whoever saw one', () => {
    const start = path([['05 09:00', 'flow', 100]]);
    const quick = path(
      [
        ['05 10:00', 'is', 90],
        ['05 11:00', 'is', 100],
      ],
      UTC,
      start,
    );
    const slow = path(
      [
        ['05 10:00', 'is', 90],
        ['05 12:00', 'is', 100],
      ],
      UTC,
      start,
    );
    const longest = (a: EquityCurve, b: EquityCurve) => absorb(a, b).longestRecovery;
    const hour = 3_600_000_000;
    expect([
      longest(quick, slow),
      longest(slow, quick),
      longest(quick, start),
      longest(start, quick),
      longest(start, start),
    ]).toEqual([...[2 * hour, 2 * hour, hour, hour, null]]);
  });

  it('together say when the deepest fall was, and since when the present one lasts', () => {
    const start = path([['05 09:00', 'flow', 100]]);
    const one = path([['05 10:00', 'is', 90]], UTC, start);
    const other = path(
      [
        ['05 10:30', 'is', 120],
        ['05 11:00', 'is', 80],
      ],
      UTC,
      start,
    );
    expect(absorb(one, other)).toMatchObject({
      peakAt: at('05 10:30'),
      maxDrawdownPeakAt: at('05 10:30'),
      maxDrawdownTroughAt: at('05 11:00'),
      troughAt: at('05 11:00'),
      underwaterSince: at('05 11:00'),
    });
    expect(absorb(other, one)).toMatchObject({
      peakAt: at('05 10:30'),
      troughAt: at('05 11:00'),
      underwaterSince: at('05 11:00'),
    });
    const low = path([['05 10:00', 'is', 60]], UTC, start);
    expect(absorb(one, low)).toMatchObject({ troughAt: at('05 10:00'), underwaterSince: at('05 10:00') });
    expect(absorb(low, one)).toMatchObject({ troughAt: at('05 10:00'), maxDrawdownTroughAt: at('05 10:00') });
  });

  it('measure the present fall from the last touch of the peak, whoever saw it', () => {
    const fallen = path([
      ['05 09:00', 'flow', 100],
      ['05 10:00', 'is', 60],
    ]);
    const again = path(
      [
        ['05 11:00', 'is', 100],
        ['05 12:00', 'is', 90],
      ],
      UTC,
      fallen,
    );
    // The fall to 60 ended at 11:00; of the one to 90 nothing is won back.
    for (const curve of [absorb(again, fallen), absorb(path([['05 12:30', 'is', 90]], UTC, fallen), again)]) {
      expect(curve).toMatchObject({ peakAt: at('05 11:00') });
      expect(curve.troughAt).toBeGreaterThanOrEqual(at('05 11:00'));
      expect(figures(curve, '05 12:30').recoveryProgressPct).toBe('0');
    }
  });

  it('date a fall from the other’s peak to where the first one stands', () => {
    const start = path([['05 09:00', 'flow', 100]]);
    const standing = path([['05 11:00', 'is', 60]], UTC, start);
    const peaked = path([['05 10:00', 'is', 120]], UTC, start);
    expect(absorb(standing, peaked)).toMatchObject({
      maxDrawdownPeakAt: at('05 10:00'),
      maxDrawdownTroughAt: at('05 11:00'),
      underwaterSince: at('05 11:00'),
      troughAt: at('05 11:00'),
    });
    expect(absorb(standing, peaked).maxDrawdown.equals(Decimal.parse('0.5'))).toBe(true);
  });

  it('are not under water at the peak', () => {
    const start = path([['05 09:00', 'flow', 100]]);
    expect(absorb(start, start).underwaterSince).toBeNull();
    expect(absorb(path([['05 10:00', 'is', 120]], UTC, start), start)).toMatchObject({
      underwaterSince: null,
      peakAt: at('05 10:00'),
    });
  });

  it('never know less of the deepest fall than either', () => {
    fc.assert(
      fc.property(histories, histories, histories, (before, one, other) => {
        const last = before.at(-1)!.now - at('05 09:00');
        const after = (seen: readonly Seen[]) => seen.map(({ now, equity }) => ({ now: now + last, equity }));
        const [a, b] = [one, other].map((seen) => curveOf(after(seen), curveOf(before))) as [
          EquityCurve,
          EquityCurve,
        ];
        const both = absorb(a, b);
        expect(both.maxDrawdown.lessThan(Decimal.max(a.maxDrawdown, b.maxDrawdown))).toBe(false);
        expect(both.maxDrawdown.isZero()).toBe(both.maxDrawdownPeakAt === null);
        expect(both.peakAt! <= both.troughAt!).toBe(true);
        expect(both.underwaterSince === null || both.underwaterSince >= both.peakAt!).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

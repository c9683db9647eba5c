import fc from 'fast-check';
import { drawdownFigures } from '../../../src/drawdown/domain/drawdown-figures.js';
import type { EquityCurve } from '../../../src/drawdown/domain/equity-curve.js';
import { absorb } from '../../../src/drawdown/domain/absorb-curve.js';
import { EMPTY_CURVE, compareIndex, moveMoney, observe } from '../../../src/drawdown/domain/equity-curve.js';
import { Decimal } from '../../../src/shared/decimal.js';
import { MICROS_PER_DAY, weekOf } from '../../../src/shared/periods.js';
import { UTC, at, d } from './curve.js';
import type { Step } from './exact-path.js';
import { ExactPath, scaled } from './exact-path.js';

const RUNS = { numRuns: 500 };
const MONDAY = at('05 00:00');
const nowOf = ({ day }: { day: number }) => MONDAY + day * MICROS_PER_DAY + 1;
const cents = (amount: bigint) => Decimal.integer(amount).times(d('0.01'));

/** Days go on by none, one, or several at once. */
function steps(kinds: {
  seen: fc.Arbitrary<bigint>;
  flow: fc.Arbitrary<bigint> | null;
}): fc.Arbitrary<Step[]> {
  const seen = kinds.seen.map((is) => ({ is }));
  const step = kinds.flow
    ? fc.oneof(
        { weight: 3, arbitrary: seen },
        kinds.flow.map((flow) => ({ flow })),
      )
    : seen;
  return fc.array(fc.tuple(step, fc.constantFrom(0, 0, 0, 1, 3, 9)), { maxLength: 25 }).map((rows) => {
    let day = 0;
    return rows.map(([row, later]): Step => ({ ...row, day: (day += later) }));
  });
}

function takeStep(curve: EquityCurve, step: Step): EquityCurve {
  const now = nowOf(step);
  if ('is' in step) return observe(curve, cents(step.is), now, UTC);
  return moveMoney(curve, cents(step.flow), now, UTC);
}

/** Percent as whole units of 1e-18 of 1. */
const asFraction = (percent: Decimal) => BigInt(percent.times(d('10000000000000000')).rounded(0).toString());

function expectAsExact(path: readonly Step[], tolerance: bigint): void {
  let curve = EMPTY_CURVE;
  const exact = new ExactPath();
  for (const step of path) {
    curve = takeStep(curve, step);
    exact.take(step);
    const shown = drawdownFigures(curve, nowOf(step), UTC);
    const { daily, weekly, current, max } = exact.drawdowns;
    const pairs = [
      [shown.dailyDrawdownPct, daily],
      [shown.weeklyDrawdownPct, weekly],
      [shown.currentDrawdownPct, current],
      [shown.maxDrawdownPct, max],
    ] as const;
    for (const [percent, fraction] of pairs) {
      const difference = asFraction(percent) - scaled(fraction);
      expect(difference < -tolerance || difference > tolerance ? [percent.toString(), fraction] : []).toEqual(
        [],
      );
    }
    expect(curve.equity.toString()).toBe(cents(exact.equity).toString());
  }
}

const anything = fc.bigInt({ min: -3_000n, max: 500_000n });
const moved = fc.bigInt({ min: -200_000n, max: 200_000n });

describe('drawdowns of a curve', () => {
  it('are those of the list of all index values, to the last unit, when no money moves', () => {
    fc.assert(
      fc.property(steps({ seen: anything, flow: null }), (path) => expectAsExact(path, 1n)),
      RUNS,
    );
  });

  it('are those of the list of all index values when money moves, but for the rounding of units', () => {
    fc.assert(
      fc.property(steps({ seen: anything, flow: moved }), (path) => expectAsExact(path, 10n ** 9n)),
      RUNS,
    );
  });

  it('lie between 0 and 100, the deepest never shrinks and is never less than the running one', () => {
    fc.assert(
      fc.property(steps({ seen: anything, flow: moved }), (path) => {
        let [curve, deepest] = [EMPTY_CURVE, Decimal.ZERO];
        for (const step of path) {
          curve = takeStep(curve, step);
          curve = observe(curve, curve.equity, nowOf(step), UTC);
          const shown = drawdownFigures(curve, nowOf(step), UTC);
          const { dailyDrawdownPct, weeklyDrawdownPct, currentDrawdownPct, maxDrawdownPct } = shown;
          for (const percent of [dailyDrawdownPct, weeklyDrawdownPct, currentDrawdownPct]) {
            expect([percent.isNegative(), percent.greaterThan(maxDrawdownPct)]).toEqual([false, false]);
          }
          expect([maxDrawdownPct.lessThan(deepest), maxDrawdownPct.greaterThan(Decimal.HUNDRED)]).toEqual([
            false,
            false,
          ]);
          deepest = maxDrawdownPct;
          const { recoveryProgressPct: recovery } = shown;
          expect(recovery === null || !(recovery.isNegative() || recovery.greaterThan(Decimal.HUNDRED))).toBe(
            true,
          );
        }
      }),
      RUNS,
    );
  });

  it('are exactly nothing as long as equity only grows, whatever money moves', () => {
    const step = fc.record({
      grows: fc.bigInt({ min: 0n, max: 99_999n }),
      flow: fc.bigInt({ min: -100_000n, max: 100_000n }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (rows) => {
        let curve = moveMoney(EMPTY_CURVE, d(7), MONDAY, UTC);
        for (const { grows, flow } of rows) {
          curve = observe(curve, curve.equity.plus(cents(grows)), MONDAY, UTC);
          if (curve.equity.plus(cents(flow)).isPositive()) curve = moveMoney(curve, cents(flow), MONDAY, UTC);
          curve = observe(curve, curve.equity, MONDAY, UTC);
          const shown = drawdownFigures(curve, MONDAY, UTC);
          const { dailyDrawdownPct, weeklyDrawdownPct, currentDrawdownPct, maxDrawdownPct } = shown;
          expect(
            [dailyDrawdownPct, weeklyDrawdownPct, currentDrawdownPct, maxDrawdownPct].map(String),
          ).toEqual(['0', '0', '0', '0']);
          expect(shown.peakEquity!.toString()).toBe(curve.equity.toString());
        }
      }),
      RUNS,
    );
  });
});

describe('the change of equity today', () => {
  it('is what the day earned, whatever money moved', () => {
    fc.assert(
      fc.property(steps({ seen: anything, flow: moved }), (path) => {
        let curve = EMPTY_CURVE;
        let [day, earned, equity] = [0, 0n, 0n];
        for (const step of path) {
          if (step.day > day) [day, earned] = [step.day, 0n];
          if ('is' in step) earned += step.is - equity;
          equity = 'is' in step ? step.is : equity + step.flow;
          curve = takeStep(curve, step);
          expect(drawdownFigures(curve, nowOf(step), UTC).equityChangeToday.toString()).toBe(
            cents(earned).toString(),
          );
        }
      }),
      RUNS,
    );
  });
});

describe('two observers of one curve', () => {
  it('together show no extreme less than either saw', () => {
    const seen = steps({ seen: fc.bigInt({ min: 1n, max: 500_000n }), flow: null });
    fc.assert(
      fc.property(seen, seen, seen, (before, one, other) => {
        const start = before.reduce(takeStep, moveMoney(EMPTY_CURVE, d(100), MONDAY, UTC));
        const last = before.at(-1)?.day ?? 0;
        const after = (path: readonly Step[]) =>
          path.map((step) => ({ ...step, day: step.day + last })).reduce(takeStep, start);
        const [a, b] = [after(one), after(other)];
        const both = absorb(a, b);
        const now = Math.max(last + (one.at(-1)?.day ?? 0), last + (other.at(-1)?.day ?? 0));
        const shown = drawdownFigures(both, nowOf({ day: now }), UTC);
        for (const curve of [a, b]) {
          expect(both.maxDrawdown.lessThan(curve.maxDrawdown)).toBe(false);
          expect(shown.peakEquity!.lessThan(curve.peak!.equity)).toBe(false);
          if (curve.day === both.day) expect(compareIndex(both.dayHigh!, curve.dayHigh!)).not.toBe(-1);
          if (weekOf(curve.day!) === weekOf(both.day!))
            expect(compareIndex(both.weekHigh!, curve.weekHigh!)).not.toBe(-1);
        }
        expect(compareIndex(both.trough!, both.current!)).not.toBe(1);
        expect(shown.currentDrawdownPct.greaterThan(shown.maxDrawdownPct)).toBe(false);
        expect([both.equity, both.current, both.units]).toEqual([a.equity, a.current, a.units]);
      }),
      RUNS,
    );
  });
});

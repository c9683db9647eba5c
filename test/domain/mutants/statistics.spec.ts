import * as benchmark from '../../../src/pnl/domain/statistics/benchmark.js';
import { calendarSortino } from '../../../src/pnl/domain/statistics/calendar-ratios.js';
import { isLoss } from '../../../src/pnl/domain/statistics/closed-trade.js';
import { significant } from '../../../src/pnl/domain/statistics/deviation.js';
import { aggregateReturns, simpleReturns } from '../../../src/pnl/domain/statistics/growth.js';
import { averageFall, averageGain } from '../../../src/pnl/domain/statistics/periods-won.js';
import * as ratios from '../../../src/pnl/domain/statistics/risk-adjusted.js';
import type { Statistic } from '../../../src/pnl/domain/statistics/statistic.js';
import { streaks } from '../../../src/pnl/domain/statistics/streaks.js';
import { expectedShortfall, normalQuantile } from '../../../src/pnl/domain/statistics/tail-risk.js';
import { tradesOf } from '../../../src/pnl/domain/statistics/closed-trade.js';
import { summaryOf } from '../../../src/pnl/domain/statistics/trade-summary.js';
import { irr } from '../../../src/pnl/domain/returns/money-weighted.js';
import { timeWeightedReturn } from '../../../src/pnl/domain/returns/time-weighted.js';
import { Decimal } from '../../../src/shared/decimal.js';
import { d, ds, text } from '../accounting/numbers.js';

function close({ value, reason }: Statistic<number>, expected: number): void {
  expect(reason).toBeNull();
  expect(value).toBeCloseTo(expected, 12);
}

describe('a ratio with a target', () => {
  it('measures the mean and the falls from it', () => {
    // Mean 0.02, one fall of 0.02 below the target.
    close(ratios.sortinoRatio([0.05, -0.01], 0.01, 1), 0.01 / Math.sqrt(0.0002));
    close(ratios.omegaRatio([0.1, -0.05, 0.02], 0.01), 0.1 / 0.06);
  });

  it('counts what lies below it, and not what meets it', () => {
    // Below 0.01 are 0 and −0.2, with deviation 0.1; the mean is −0.0225.
    const convention = { periodsPerYear: 1, ddof: 0 };
    close(ratios.sortinoOfLosses([0.1, 0.01, 0, -0.2], 0.01, convention), -0.0325 / 0.1);
  });

  it('grows with the root of the length of its period', () => {
    expect(ratios.scaledRatio(0.1, 4, 16)).toBeCloseTo(0.2, 12);
  });
});

describe('against a benchmark', () => {
  const market = [0.01, -0.02, 0.03, 0];

  it('alpha takes the risk-free rate off both', () => {
    const twice = market.map((value) => 2 * value + 0.001);
    close(benchmark.alphaPerPeriod(twice, market, 0.005), 0.001 - 0.005 + 2 * 0.005);
  });

  it('tracking error is that of a year', () => {
    close(benchmark.trackingError([0.02, 0], [0.01, 0.01], 4), 2 * Math.sqrt(0.0002));
  });

  it('a market that stood still went neither up nor down', () => {
    close(benchmark.captureRatio([0.02, 0.5], [0.02, 0], 1, 'up'), 1);
    close(benchmark.captureRatio([-0.02, -0.5], [-0.01, 0], 1, 'down'), 2);
  });

  it('one period does not covary', () => {
    for (const few of [[], [1]]) expect(benchmark.covariance(few, few).reason).toBe('too_few');
  });
});

describe('returns', () => {
  it('end in a total loss, but do not start from one', () => {
    expect(simpleReturns([100, 0]).value).toEqual([-1]);
    expect(simpleReturns([100, 0, 50]).reason).toBe('no_capital');
  });

  it('fill whole buckets without an empty one behind them', () => {
    expect(aggregateReturns([0.5, 0, 1, 0], 2)).toEqual([0.5, 1]);
  });

  it('of nothing are neither gain nor fall', () => {
    close(averageGain([0.1, 0.3, 0]), 0.2);
    close(averageFall([-0.1, -0.3, 0]), -0.2);
  });

  it('fall short by the mean of the worst, whatever their order', () => {
    const shuffled = Array.from({ length: 20 }, (_, i) => ((i * 7) % 20) - 10);
    close(expectedShortfall(shuffled, 0.1), -9.5); // of 20 the worst two: −10 and −9
  });

  it('are nearly never beyond a high normal quantile, as far out as a low one', () => {
    expect(normalQuantile(1 - 1e-9)).toBeCloseTo(5.997807, 5);
    expect(normalQuantile(1 - 1e-9) + normalQuantile(1e-9)).toBeCloseTo(0, 5);
  });

  it('lose everything when nothing is left without a withdrawal, whenever flows count', () => {
    const lost = [
      { value: d(100), flow: Decimal.ZERO },
      { value: Decimal.ZERO, flow: Decimal.ZERO },
    ];
    for (const timing of ['start', 'end'] as const)
      expect(text(timeWeightedReturn(lost, timing).value)).toBe('-1');
  });

  it('on flows of one sign are none; a flow of nothing is neither', () => {
    for (const flows of [
      [1, 2],
      [-1, -2],
      [1, 0],
      [-1, 0],
      [0, 0],
    ])
      expect(irr(flows).reason).toBe('no_sign_change');
  });
});

describe('trades', () => {
  it('that earned nothing end a run and begin none', () => {
    expect(streaks(tradesOf(ds(0, -1)))).toEqual({ wins: 0, losses: 1, current: -1 });
    expect(streaks(tradesOf(ds(-1, 0)))).toEqual({ wins: 0, losses: 1, current: 0 });
  });

  it('are lost or not by their own word, when they have one', () => {
    const losses = [false, true, null].map((isWin) => isLoss({ pnl: d(5), isWin }));
    expect(losses).toEqual([true, false, false]);
    expect([false, true, null].map((isWin) => isLoss({ pnl: d(-5), isWin }))).toEqual([true, false, true]);
  });

  it('that earned nothing do not spread the losses', () => {
    // Losses −0.1 and −0.2 with deviation 0.05; −0.2 in one day.
    const trades = { pnls: ds(10, -10, -20, 0), startingBalance: d(100), days: 1 };
    close(calendarSortino(trades, 1), -4);
  });

  it('that saw no mark have no excursions, and say so', () => {
    const zero = Decimal.ZERO;
    const { averageMae, averageMfe } = summaryOf({
      ...{ closed: 1, wins: 1, losses: 0, pnl: d(5), squares: d(25), grossProfit: d(5), grossLoss: zero },
      ...{ best: d(5), worst: d(5), streaks: { wins: 1, losses: 0, current: 1 } },
      ...{ timed: 0, held: zero, middle: null, seen: 0, mae: zero, mfe: zero },
    });
    expect([averageMae.reason, averageMfe.reason]).toEqual(['no_marks', 'no_marks']);
  });

  it('deviate by so many digits, counted from the first that is not zero', () => {
    expect(text(significant(d('0.1001234567890123456'), 15))).toBe('0.100123456789012');
    expect(text(significant(d('0.0012345'), 2))).toBe('0.0012');
  });
});

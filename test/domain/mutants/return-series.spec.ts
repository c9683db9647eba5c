import { covariance } from '../../../src/pnl/domain/statistics/benchmark.js';
import { medianDuration } from '../../../src/pnl/domain/statistics/durations.js';
import { centralSum, quantile } from '../../../src/pnl/domain/statistics/moments.js';
import * as periods from '../../../src/pnl/domain/statistics/periods-won.js';
import { gainToPain, omegaRatio } from '../../../src/pnl/domain/statistics/risk-adjusted.js';

describe('two series', () => {
  // Quarters beside 2^50 are exact, but a product of the two would not be: only what is left after the means keeps them.
  const FAR = 2 ** 50;
  const [left, right] = [
    [0, 0.25, 0.5, 1.25],
    [0.25, 1.5, 0.75, 0.5],
  ];
  const far = (values: readonly number[]) => values.map((value) => value + FAR);

  it('covary far from zero exactly as they do beside it', () => {
    // Means 0.5 and 0.75: (0.25 − 0.1875 + 0 − 0.1875) ÷ 3.
    const near = covariance(left, right).value;
    expect(near).toBeCloseTo(-0.125 / 3, 15);
    expect([covariance(far(left), right).value, covariance(left, far(right)).value]).toEqual([near, near]);
  });
});

describe('periods that did not move', () => {
  it('are neither won nor lost', () => {
    expect(periods.periodWinRate([0.1, 0, -0.1, 0, 0]).value).toBe(0.5);
  });

  it('leave gains and falls as they are', () => {
    expect(periods.returnProfitFactor([0.5, 0, -0.25]).value).toBe(2);
    expect([omegaRatio([0.5, 0, -0.25], 0).value, gainToPain([0.5, 0, -0.25]).value]).toEqual([2, 1]);
    for (const ratio of [periods.returnProfitFactor, gainToPain, (r: number[]) => omegaRatio(r, 0)])
      expect([ratio([]).reason, ratio([0]).reason]).toEqual(['no_returns', 'no_downside']);
  });
});

describe('nothing', () => {
  it('has no middle, no share below a value and no spread', () => {
    expect([quantile([], 0.5).reason, medianDuration([]).reason]).toEqual(['no_returns', 'no_trades']);
    expect(centralSum([], 2)).toBe(0);
  });
});

describe('a climb', () => {
  it('is steady when every period grew alike, up or down, and not when it never moved', () => {
    expect(periods.stability([0.1, 0.1, 0.1, 0.1]).value).toBeCloseTo(1, 12);
    expect(periods.stability([-0.1, -0.1, -0.1, -0.1]).value).toBeCloseTo(1, 12);
    expect([periods.stability([0, 0, 0]).reason, periods.stability([0, 0]).reason]).toEqual([
      'no_variation',
      'too_few',
    ]);
  });
});

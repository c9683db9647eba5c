import * as benchmark from '../../../src/pnl/domain/statistics/benchmark.js';
import * as growth from '../../../src/pnl/domain/statistics/growth.js';
import * as moments from '../../../src/pnl/domain/statistics/moments.js';
import * as won from '../../../src/pnl/domain/statistics/periods-won.js';
import * as ratios from '../../../src/pnl/domain/statistics/risk-adjusted.js';
import type { Statistic } from '../../../src/pnl/domain/statistics/statistic.js';
import * as tail from '../../../src/pnl/domain/statistics/tail-risk.js';

/** Nine days of the series that empyrical's tests use, the first without a return. */
const MIXED = moments.withoutGaps([null, 0.01, 0.1, -0.04, 0.02, 0.03, 0.02, 0.01, -0.1]);
const STEADY = [0.01, 0.01, 0.01];
const DAYS = { periodsPerYear: 252, ddof: 1 };

function close(statistic: Statistic<number>, expected: number, digits = 10): void {
  expect(statistic.reason).toBeNull();
  expect(statistic.value).toBeCloseTo(expected, digits);
}

function reasons(...statistics: Statistic<unknown>[]): (string | null)[] {
  return statistics.map((statistic) => statistic.reason);
}

describe('moments', () => {
  it('leave gaps out, or take them for standing still', () => {
    expect(MIXED).toHaveLength(8);
    expect(moments.gapsAsZero([null, 0.1])).toEqual([0, 0.1]);
  });

  it('sum without losing the small beside the large', () => {
    expect(moments.sum([1, 1e100, 1, -1e100])).toBe(2);
    expect(moments.sum([])).toBe(0);
  });

  it('have means, deviations and quantiles', () => {
    close(moments.meanReturn([0.1, 0.2]), 0.15);
    close(moments.deviation([1, 2, 3, 4], 1), 1.2909944487358056);
    close(moments.deviation([1, 2, 3, 4], 0), 1.118033988749895);
    close(moments.deviation(STEADY, 1), 0);
    close(moments.downsideDeviation([0.1, -0.3], 0), Math.sqrt(0.09 / 2));
    close(moments.quantile([3, 1, 2, 4], 0.5), 2.5);
    close(moments.quantile([7], 0.05), 7);
    expect(moments.centralSum([], 2)).toBe(0);
  });

  it('have skew and kurtosis, of the population or corrected for a sample', () => {
    const values = [1, 2, 3, 4, 10]; // scipy: skew 1.1384, 1.6971 corrected; kurtosis −0.2, 3.152
    close(moments.skewness(values, true), 1.1384199576606167);
    close(moments.skewness(values, false), 1.6970562748477143);
    close(moments.excessKurtosis(values, true), -0.21199999999999974);
    close(moments.excessKurtosis(values, false), 3.152);
  });

  it('are undefined of too little', () => {
    expect(
      reasons(
        moments.meanReturn([]),
        moments.deviation([], 0),
        moments.deviation([1], 1),
        moments.quantile([], 0.5),
        moments.skewness([1, 2], true),
        moments.skewness(STEADY, true),
        moments.excessKurtosis([1, 2, 3], true),
        moments.excessKurtosis([1, 1, 1, 1], true),
      ),
    ).toEqual([
      'no_returns',
      'no_returns',
      'too_few',
      'no_returns',
      'too_few',
      'no_variation',
      'too_few',
      'no_variation',
    ]);
  });
});

describe('growth', () => {
  it('compounds', () => {
    close(growth.totalReturn([0.1, 0.1]), 0.21);
    growth
      .cumulativeReturns([0.1, -0.5])
      .forEach((value, index) => expect(value).toBeCloseTo([0.1, -0.45][index]!, 12));
    expect(growth.simpleReturns([100, 110, 99]).value!.map((value) => value.toFixed(6))).toEqual([
      '0.100000',
      '-0.100000',
    ]);
    close(growth.compoundAnnualGrowth(100, 121, 2), 0.1);
    close(growth.annualReturn(moments.gapsAsZero([null, ...MIXED]), 252), 1.9135925373194231);
    close(growth.geometricMean([0.21, 0]), 0.1);
    expect(growth.perPeriodRate(0.21, 2)).toBeCloseTo(0.1, 12);
    expect(growth.aggregateReturns([0.1, 0.1, 0.5], 2).map((value) => value.toFixed(4))).toEqual([
      '0.2100',
      '0.5000',
    ]);
  });

  it('is undefined from nothing, to nothing, or in no time', () => {
    expect(
      reasons(
        growth.totalReturn([]),
        growth.simpleReturns([0, 1]),
        growth.compoundAnnualGrowth(0, 1, 1),
        growth.compoundAnnualGrowth(1, 0, 1),
        growth.compoundAnnualGrowth(1, 2, 0),
        growth.annualReturn([-1], 252),
      ),
    ).toEqual(['no_returns', 'no_capital', 'no_capital', 'lost_everything', 'no_times', 'lost_everything']);
  });
});

describe('risk-adjusted ratios', () => {
  it('agree with empyrical', () => {
    close(ratios.sharpeRatio(MIXED, 0, DAYS), 1.7238613961706866);
    close(ratios.sortinoRatio(MIXED, 0, 252), 2.605531251673693);
    close(ratios.volatility(MIXED, DAYS), 0.9136465399704637);
  });

  it('take the risk-free rate of a period, and losing periods around their own mean', () => {
    close(ratios.sharpeRatio([0.02, 0.04], 0.01, { periodsPerYear: 1, ddof: 1 }), 0.02 / Math.sqrt(0.0002));
    close(ratios.sortinoOfLosses([0.1, -0.1, -0.2], 0, { periodsPerYear: 1, ddof: 0 }), -0.2 / 3 / 0.05);
    close(ratios.rewardToRisk(0.0025, 0.0015, 0.02), 0.05);
    expect(ratios.scaledRatio(0.05, 1, 252)).toBeCloseTo(0.05 * Math.sqrt(252), 12);
  });

  it('weigh gains against falls', () => {
    close(ratios.omegaRatio([0.1, -0.05, 0.02], 0), 2.4);
    close(ratios.gainToPain([0.1, -0.05]), 1);
  });

  it('are undefined where there is no risk to divide by', () => {
    expect(
      reasons(
        ratios.sharpeRatio(STEADY, 0, DAYS),
        ratios.sharpeRatio([0.1], 0, DAYS),
        ratios.sortinoRatio(STEADY, 0, 252),
        ratios.sortinoRatio([], 0, 252),
        ratios.sortinoOfLosses(STEADY, 0, DAYS),
        ratios.sortinoOfLosses([], 0, DAYS),
        ratios.sortinoOfLosses([-0.1, -0.1], 0, DAYS),
        ratios.omegaRatio(STEADY, 0),
        ratios.omegaRatio([], 0),
        ratios.gainToPain(STEADY),
        ratios.gainToPain([]),
        ratios.rewardToRisk(1, 0, 0),
      ),
    ).toEqual([
      'no_variation',
      'too_few',
      'no_downside',
      'no_returns',
      'no_downside',
      'no_returns',
      'no_downside',
      'no_downside',
      'no_returns',
      'no_downside',
      'no_returns',
      'no_variation',
    ]);
  });
});

describe('the tail', () => {
  const returns = Array.from({ length: 101 }, (_, index) => (index - 50) / 1000);

  it('has a value at risk and what lies beyond it', () => {
    close(tail.valueAtRisk(returns, 0.05), -0.045);
    close(tail.expectedShortfall(returns, 0.05), -0.0475);
    close(tail.shortfallBelowVar(returns, 0.05), -0.0475);
    close(tail.tailRatio(returns), 1);
    close(tail.parametricValueAtRisk([0.01, -0.01], 0.05), Math.sqrt(0.0002) * -1.6448536269514722);
  });

  it('knows the normal quantiles', () => {
    expect(tail.normalQuantile(0.5)).toBeCloseTo(0, 12);
    expect(tail.normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
    expect(tail.normalQuantile(1e-9)).toBeCloseTo(-5.997807015, 8);
  });

  it('is undefined of nothing', () => {
    expect(
      reasons(
        tail.valueAtRisk([], 0.05),
        tail.expectedShortfall([], 0.05),
        tail.parametricValueAtRisk([1], 0.05),
        tail.tailRatio([]),
        tail.tailRatio([0, 0]),
      ),
    ).toEqual(['no_returns', 'no_returns', 'too_few', 'no_returns', 'no_downside']);
  });
});

describe('against a benchmark', () => {
  const market = [0.01, -0.02, 0.03, 0];
  const twice = market.map((value) => 2 * value + 0.001);

  it('has beta, alpha, correlation and tracking', () => {
    close(benchmark.beta(twice, market), 2);
    close(benchmark.alphaPerPeriod(twice, market, 0), 0.001);
    close(benchmark.annualAlpha(twice, market, 0, 252), 1.001 ** 252 - 1);
    close(benchmark.correlation(twice, market), 1);
    close(benchmark.trackingError([0.02, 0], [0.01, 0.01], 1), Math.sqrt(0.0002));
    close(benchmark.informationRatio([0.03, 0], [0.01, 0.01], 4), (0.005 / (0.03 / Math.sqrt(2))) * 2);
  });

  it('captures what the market did, up and down', () => {
    close(benchmark.captureRatio(market, market, 252, 'all'), 1);
    close(benchmark.captureRatio([0.02, -0.02], [0.02, -0.01], 1, 'up'), 1);
    close(benchmark.captureRatio([0.02, -0.02], [0.02, -0.01], 1, 'down'), 2);
  });

  it('is undefined where the market stands still or the series do not match', () => {
    expect(
      reasons(
        benchmark.beta([0.1, 0.2], [0.1, 0.1]),
        benchmark.beta([], []),
        benchmark.covariance([1, 2], [1]),
        benchmark.correlation([0.1, 0.1], [0.1, 0.2]),
        benchmark.informationRatio([0.2, 0.2], [0.1, 0.1], 1),
        benchmark.captureRatio([0.1], [0], 1, 'all'),
        benchmark.captureRatio([0.1], [0.1], 1, 'down'),
      ),
    ).toEqual([
      'no_variation',
      'too_few',
      'too_few',
      'no_variation',
      'no_variation',
      'no_variation',
      'no_returns',
    ]);
  });
});

describe('periods', () => {
  it('are won, lost, best and worst', () => {
    close(won.periodWinRate([0.1, 0, -0.1, 0.2]), 2 / 3);
    close(won.bestPeriod(MIXED), 0.1);
    close(won.worstPeriod(MIXED), -0.1);
    close(won.averageGain([0.1, 0.3, -1]), 0.2);
    close(won.averageFall([0.1, -0.1]), -0.1);
    close(won.returnProfitFactor([0.1, 0.2, -0.1]), 3);
    close(won.returnPayoff([0.2, -0.1]), 2);
    close(won.riskReturnRatio([0.1, 0.3], 1), 0.2 / Math.sqrt(0.02));
    close(won.stability(MIXED), 0.1529973665111273);
    expect(won.rolling([1, 2, 3], 2, moments.sum)).toEqual([3, 5]);
    expect(won.rolling([1], 2, moments.sum)).toEqual([]);
  });

  it('are undefined where there are none', () => {
    expect(
      reasons(
        won.periodWinRate([0]),
        won.bestPeriod([]),
        won.worstPeriod([]),
        won.returnProfitFactor([]),
        won.returnProfitFactor([0.1]),
        won.returnPayoff([0.1]),
        won.riskReturnRatio(STEADY, 1),
        won.stability([0.1, 0.1]),
        won.stability([-1, 0.1, 0.1]),
        won.stability([0, 0, 0]),
      ),
    ).toEqual([
      'no_returns',
      'no_returns',
      'no_returns',
      'no_returns',
      'no_downside',
      'no_returns',
      'no_variation',
      'too_few',
      'lost_everything',
      'no_variation',
    ]);
  });
});

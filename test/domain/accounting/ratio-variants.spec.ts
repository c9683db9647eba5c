import { fallsOf } from '../../../src/drawdown/domain/series/drawdowns.js';
import * as drawdown from '../../../src/drawdown/domain/series/ratios.js';
import { modifiedIrr } from '../../../src/pnl/domain/returns/modified-irr.js';
import * as weighted from '../../../src/pnl/domain/returns/time-weighted.js';
import { medianPnl } from '../../../src/pnl/domain/statistics/averages.js';
import * as benchmark from '../../../src/pnl/domain/statistics/benchmark.js';
import { calendarCalmar } from '../../../src/pnl/domain/statistics/calendar-ratios.js';
import { tradesOf } from '../../../src/pnl/domain/statistics/closed-trade.js';
import * as composite from '../../../src/pnl/domain/statistics/composite-ratios.js';
import * as growth from '../../../src/pnl/domain/statistics/growth.js';
import * as won from '../../../src/pnl/domain/statistics/periods-won.js';
import * as variants from '../../../src/pnl/domain/statistics/spread-variants.js';
import type { Statistic } from '../../../src/pnl/domain/statistics/statistic.js';
import * as tail from '../../../src/pnl/domain/statistics/tail-risk.js';
import { fundingPayment, tradingFee } from '../../../src/positions/domain/charges.js';
import { foldLots, lotCostUnder, openCostUnder } from '../../../src/positions/domain/lots-book.js';
import { d, ds, fill, text } from './numbers.js';

/** Expected values are numpy's for these nine periods. */
const RETURNS = [0.01, 0.1, -0.04, 0.02, 0, 0.03, 0.02, 0.01, -0.1];
const MARKET = [0.02, 0.05, -0.01, 0.03, -0.01, 0.01, 0.02, -0.02, -0.05];
const GAINS = [0.01, 0.02];
const YEAR = { periodsPerYear: 252, ddof: 1 };

function close(statistic: Statistic<number>, expected: number, digits = 12): void {
  expect(statistic.reason).toBeNull();
  expect(statistic.value).toBeCloseTo(expected, digits);
}
const reasons = (...statistics: Statistic<unknown>[]) => statistics.map(({ reason }) => reason);

describe('figures put together of several', () => {
  it('are those of the definitions', () => {
    close(composite.commonSenseRatio(RETURNS), 1.2857142857142851);
    close(composite.cpcIndex(RETURNS), 0.4604591836734694);
    close(composite.periodKelly(RETURNS), 0.19736842105263164);
    close(composite.riskOfRuin(RETURNS), 2.4780932222490035e-8, 18);
    close(composite.outlierWinRatio(RETURNS), 2.981052631578947);
    close(composite.outlierLossRatio(RETURNS), 1.3599999999999999);
  });

  it('are undefined where a part of them is', () => {
    expect(
      reasons(
        composite.commonSenseRatio(GAINS),
        composite.cpcIndex(GAINS),
        composite.periodKelly(GAINS),
        composite.riskOfRuin([0]),
        composite.outlierWinRatio([-1]),
        composite.outlierLossRatio(GAINS),
      ),
    ).toEqual(['no_downside', 'no_downside', 'no_returns', 'no_returns', 'no_returns', 'no_returns']);
  });

  it('say how sure a Sharpe ratio is', () => {
    close(composite.probabilisticSharpe(RETURNS), 0.6124400066044805);
    close(composite.probabilisticSharpe(RETURNS, 0.1), 0.5034426045578565);
    expect(reasons(composite.probabilisticSharpe([0.1]), composite.probabilisticSharpe([0.1, 0.1]))).toEqual([
      'too_few',
      'no_variation',
    ]);
  });
});

describe('other spreads', () => {
  it('grow with time as their distribution does', () => {
    close(variants.stableVolatility(RETURNS, YEAR, 1.8), 1.1628355658263108);
    close(variants.stableVolatility(RETURNS, { ...YEAR, ddof: 0 }, 1.5), 2.026582683717294);
    expect(variants.stableVolatility([0.1], YEAR, 2).reason).toBe('too_few');
  });

  it('count only what fell short of the mean', () => {
    close(variants.semiDeviation(RETURNS, 0), 0.038366866706904146);
    close(variants.semiDeviation(RETURNS, 1), 0.040694207431998454);
    expect(reasons(variants.semiDeviation([], 1), variants.semiDeviation([0.1], 1))).toEqual([
      'no_returns',
      'too_few',
    ]);
    close(variants.semiDeviation([0.1], 0), 0);
  });

  it('make a Sortino ratio of shortfalls around their own mean', () => {
    close(variants.sortinoOfShortfalls(RETURNS, 0.01, YEAR), -1.861760153834589);
    close(variants.sortinoOfShortfalls(RETURNS, 0.01, { ...YEAR, ddof: 0 }), -1.9746948445790216);
    expect(
      reasons(
        variants.sortinoOfShortfalls(GAINS, 0, YEAR),
        variants.sortinoOfShortfalls([], 0, { ...YEAR, ddof: 0 }),
      ),
    ).toEqual(['no_downside', 'no_returns']);
  });
});

describe('the tail below a normal value at risk', () => {
  it('is the mean of what lies below it', () => {
    close(tail.parametricShortfall(RETURNS, 0.1), -0.1);
    close(tail.parametricShortfall([-0.1, -0.08, 0.1, 0.1, 0.1], 0.4), -0.09);
  });

  it('is the value at risk itself where nothing lies below it', () => {
    close(tail.parametricShortfall(RETURNS, 0.01), -0.11978209597080682);
    expect(tail.parametricShortfall([0.1], 0.05).reason).toBe('too_few');
  });

  it('begins below it: a return that is just that much is not in it', () => {
    // Two returns of 0 have no spread, so that the value at risk is 0 and none lies below.
    close(tail.parametricShortfall([0, 0], 0.05), 0);
  });
});

describe('periods', () => {
  it('that moved are averaged and counted', () => {
    close(won.averageMove(RETURNS), 0.00625);
    close(won.timeInMarket(RETURNS), 8 / 9);
    expect(reasons(won.averageMove([0]), won.timeInMarket([]))).toEqual(['no_returns', 'no_returns']);
  });

  it('have logarithms until everything is lost', () => {
    expect(growth.logReturns([0.1]).value![0]).toBeCloseTo(0.09531017980432487, 14);
    expect(reasons(growth.logReturns([0.1, -1]), growth.logReturns([-1.5]))).toEqual([
      'lost_everything',
      'lost_everything',
    ]);
  });

  it('let an amount grow', () => {
    expect(growth.growthFrom([0.1, -0.5], 200).map((value) => value.toFixed(9))).toEqual([
      '220.000000000',
      '110.000000000',
    ]);
  });
});

describe('beside a market', () => {
  it('are Treynor’s ratio, the batting average and both captures as one', () => {
    close(benchmark.treynorRatio(RETURNS, MARKET, 0.002), 0.023238344245219977);
    close(benchmark.battingAverage(RETURNS, MARKET), 4 / 9);
    close(benchmark.upDownCapture(RETURNS, MARKET, 12), 1.0362223848481082);
  });

  it('are undefined without a market that moves', () => {
    expect(
      reasons(
        benchmark.treynorRatio([0.1, 0.2], [0.1, 0.1], 0),
        benchmark.treynorRatio([0.1, 0.1], [0.1, 0.2], 0),
        benchmark.battingAverage([], []),
        benchmark.upDownCapture(GAINS, GAINS, 12),
        benchmark.upDownCapture(GAINS, [-0.1, -0.2], 12),
        benchmark.upDownCapture([0.1, 0], [0.1, -0.2], 12),
      ),
    ).toEqual(['no_variation', 'no_variation', 'no_returns', 'no_returns', 'no_returns', 'no_variation']);
  });
});

describe('the ulcer of a curve', () => {
  const LEVELS = ds(100, 120, 60, 90, 130, 100);

  it('counts every level, the first that never fell too', () => {
    close(drawdown.ulcerIndexOfLevels(LEVELS), 0.24689891246885587);
    close(drawdown.ulcerIndexOfLevels(LEVELS, 1), 0.27046420756537176);
    close(drawdown.painIndexOfLevels(LEVELS), 0.16346153846153846);
    expect(fallsOf(ds(0, 100, 50)).map(text)).toEqual([null, '0', '0.5']);
  });

  it('leaves out levels that have no peak to fall from', () => {
    close(drawdown.painIndexOfLevels(ds(-5, 0, 100, 50)), 0.25);
    expect(
      reasons(
        drawdown.ulcerIndexOfLevels([]),
        drawdown.ulcerIndexOfLevels(ds(1), 1),
        drawdown.painIndexOfLevels(ds(-1)),
      ),
    ).toEqual(['no_returns', 'too_few', 'no_returns']);
  });

  it('divides what was earned', () => {
    close(drawdown.martinRatio(RETURNS, 0.002), 0.992344304407683);
    close(drawdown.martinRatio(RETURNS, 0.002, 1), 0.935591182558027);
    expect(reasons(drawdown.martinRatio(GAINS, 0), drawdown.martinRatio([], 0))).toEqual([
      'no_drawdown',
      'no_returns',
    ]);
  });
});

describe('a Calmar ratio of trades by the calendar', () => {
  const trades = { pnls: ds(10, -20, 30, -5), startingBalance: d(100), days: 10 };

  it('is in percent a day, as freqtrade has it', () => {
    close(calendarCalmar(trades, 0.2, 365), 143.287298809071, 9);
    expect(
      reasons(calendarCalmar(trades, 0, 365), calendarCalmar({ ...trades, pnls: [] }, 0.2, 365)),
    ).toEqual(['no_drawdown', 'no_trades']);
  });
});

test('the median of trades is that in the middle, or between both in the middle', () => {
  expect(text(medianPnl(tradesOf(ds(5, -1, 2))).value)).toBe('2');
  expect(text(medianPnl(tradesOf(ds(5, -1, 2, 1))).value)).toBe('1.5');
  expect(medianPnl([]).reason).toBe('no_trades');
});

describe('money in and out', () => {
  it('has a modified rate of return', () => {
    // The example of numpy-financial.
    const flows = [-4500, -800, 800, 800, 600, 600, 800, 800, 700, 3000];
    close(modifiedIrr(flows, 0.08, 0.055), 0.06659717503155355);
    close(modifiedIrr([-100, 0, 121], 0, 0), 0.1);
    expect(reasons(modifiedIrr([], 0, 0), modifiedIrr([-1, -2], 0, 0), modifiedIrr([1, 2], 0, 0))).toEqual([
      'no_flows',
      'no_sign_change',
      'no_sign_change',
    ]);
  });

  it('may work from the start when it comes and until the end when it goes', () => {
    const at = (value: number, flow = 0) => ({ value: d(value), flow: d(flow) });
    const curve = [at(100), at(220, 100), at(88, -110)];
    // 220 ÷ (100 + 100), then (88 + 110) ÷ 220.
    expect(weighted.periodReturns(curve, 'in-first').value!.map(text)).toEqual(['0.1', '-0.1']);
    expect(text(weighted.timeWeightedReturn(curve, 'in-first').value)).toBe('-0.01');
    expect(weighted.periodReturns(curve, 'end').value!.map(text)).toEqual(['0.2', '-0.1']);
  });
});

describe('what trading costs', () => {
  it('is a share of the value, whichever side', () => {
    expect(text(tradingFee(d(2), d(100), d('0.0004')))).toBe('0.08');
    expect(text(tradingFee(d(-2), d(100), d('-0.0001')))).toBe('-0.02');
    const inverse = { kind: 'inverse' as const, multiplier: d(100) };
    expect(text(tradingFee(d(5), d(10000), d('0.001'), inverse))).toBe('0.00005');
  });

  it('is paid between longs and shorts at a funding time', () => {
    expect([2, -2, 0].map((held) => text(fundingPayment(d(held), d(100), d('0.0001'))))).toEqual([
      '-0.02',
      '0.02',
      '0',
    ]);
    expect(text(fundingPayment(d(2), d(100), d('-0.0001')))).toBe('0.02');
    const inverse = { kind: 'inverse' as const, multiplier: d(100) };
    expect(text(fundingPayment(d(-5), d(10000), d('0.001'), inverse))).toBe('0.00005');
  });
});

describe('the fees of open lots', () => {
  it('are a part of their cost where fees are capitalised', () => {
    const { lots } = foldLots([fill(10, 100, 10), fill(-4, 110, 4)], 'FIFO');
    expect(text(openCostUnder(lots, 'capitalised'))).toBe('606');
    expect(text(openCostUnder(lots, 'expensed'))).toBe('600');
    expect(text(lotCostUnder(lots[0]!, 'capitalised'))).toBe('606');
  });

  it('are taken from what a short brought in', () => {
    const { lots } = foldLots([fill(-10, 100, 10)], 'FIFO');
    expect(text(openCostUnder(lots, 'capitalised'))).toBe('-990');
  });
});

import * as drawdown from '../../src/drawdown/domain/series/ratios.js';
import * as benchmark from '../../src/pnl/domain/statistics/benchmark.js';
import * as calendar from '../../src/pnl/domain/statistics/calendar-ratios.js';
import * as growth from '../../src/pnl/domain/statistics/growth.js';
import * as moments from '../../src/pnl/domain/statistics/moments.js';
import * as won from '../../src/pnl/domain/statistics/periods-won.js';
import * as ratios from '../../src/pnl/domain/statistics/risk-adjusted.js';
import { known, mapKnown } from '../../src/pnl/domain/statistics/statistic.js';
import * as tail from '../../src/pnl/domain/statistics/tail-risk.js';
import { type Answer, Answers } from './answers.js';
import { pnlsOf } from './closed-trades.js';
import type { Input } from './input.js';
import { NotOffered } from './outcome.js';
import type { Settings } from './settings.js';
import { exactNumber, listAt } from './values.js';

/** How many periods a year has in a product that does not say it in the case. */
const PRODUCT_YEAR: Readonly<Record<string, number>> = {
  'nautechsystems/nautilus_trader': 252,
  'quantopian/empyrical': 252,
  'stefan-jansen/empyrical-reloaded': 252,
  'ranaroussi/quantstats': 252,
  'stefan-jansen/pyfolio-reloaded': 252,
  'QuantConnect/Lean': 252,
  'freqtrade/freqtrade': 365,
  'jesse-ai/jesse': 365,
};

/** Answers about a return series, or about an equity curve through its returns. */
export function returnAnswers(input: Input, settings: Settings, product: string): Answers {
  const series = () => seriesOf(input, 'returns');
  const steady = () => steadyOf(input);
  const year = () => yearOf(settings, product);
  const free = () => freeRate(input, settings, year);
  const target = () => settings.target ?? free();
  const convention = () => ({ periodsPerYear: year(), ddof: settings.ddof ?? 1 });
  const share = () => settings.share ?? 0.05;
  const ofLosses = settings.downside === 'losing-periods';
  return new Answers({
    'sharpe sharpeRatio': () => ratios.sharpeRatio(series(), free(), convention()),
    'sortino sortinoRatio': () =>
      ofLosses
        ? ratios.sortinoOfLosses(series(), target(), convention())
        : ratios.sortinoRatio(series(), target(), year()),
    'volatility annualVolatility annualizedVolatility annualisedVolatility returnsVolatility': () =>
      ratios.volatility(series(), convention()),
    'std stdDev standardDeviation': () => moments.deviation(series(), settings.ddof ?? 1),
    variance: () => mapKnown(moments.deviation(series(), settings.ddof ?? 1), (spread) => known(spread ** 2)),
    'mean meanReturn averageReturn avgReturn returnsAverage': () => moments.meanReturn(series()),
    downsideDeviation: () => downside(series(), target(), settings.periodsPerYear ?? 1),
    'downsideRisk annualDownsideRisk': () => downside(series(), target(), year()),
    'geometricMean expectedReturn': () => growth.geometricMean(series()),
    'totalReturn cumReturnsFinal cumulativeReturn compoundedReturn comp': () => growth.totalReturn(steady()),
    'cumulativeReturns cumReturns': () => growth.cumulativeReturns(steady()),
    'returns simpleReturns': () => series(),
    'annualReturn annualizedReturn annualisedReturn': () => growth.annualReturn(steady(), year()),
    'omega omegaRatio': () => ratios.omegaRatio(series(), omegaThreshold(settings, year)),
    'gainToPain gainToPainRatio': () => ratios.gainToPain(series()),
    'var valueAtRisk var95': () =>
      settings.valueAtRisk === 'parametric'
        ? tail.parametricValueAtRisk(series(), share())
        : tail.valueAtRisk(series(), share()),
    'cvar conditionalValueAtRisk expectedShortfall es cvar95': () =>
      tail.expectedShortfall(series(), share()),
    tailRatio: () => tail.tailRatio(series()),
    'skew skewness': () => moments.skewness(series(), settings.biased ?? true),
    'kurtosis kurt excessKurtosis': () => moments.excessKurtosis(series(), settings.biased ?? true),
    'stability stabilityOfTimeseries rSquared': () => won.stability(series()),
    'winRate periodWinRate': () => won.periodWinRate(series()),
    'best bestDay bestPeriod': () => won.bestPeriod(series()),
    'worst worstDay worstPeriod': () => won.worstPeriod(series()),
    'avgWin averageWin avgWinReturn returnsAverageWin': () => won.averageGain(series()),
    'avgLoss averageLoss avgLossReturn returnsAverageLoss': () => won.averageFall(series()),
    profitFactor: () => won.returnProfitFactor(series()),
    'payoff payoffRatio': () => won.returnPayoff(series()),
    riskReturnRatio: () => won.riskReturnRatio(series(), settings.ddof ?? 1),
  })
    .or(drawdownRatios(steady, settings, year))
    .or(benchmarkAnswers(input, series, settings, year))
    .or(rollingAnswers(series, settings, convention, free));
}

function drawdownRatios(series: () => number[], settings: Settings, year: () => number): Answers {
  return new Answers({
    'calmar calmarRatio mar': () => drawdown.calmarRatio(series(), year()),
    'ulcerIndex ulcer': () => drawdown.ulcerIndex(series(), settings.ddof),
    painIndex: () => drawdown.painIndex(series()),
    recoveryFactor: () => drawdown.recoveryFactor(series()),
  });
}

function benchmarkAnswers(
  input: Input,
  series: () => number[],
  settings: Settings,
  year: () => number,
): Answers {
  const other = () => seriesOf(input, 'benchmark');
  const free = () => freeRate(input, settings, year);
  return new Answers({
    beta: () => benchmark.beta(series(), other()),
    alpha: () => benchmark.annualAlpha(series(), other(), free(), year()),
    alphaPerPeriod: () => benchmark.alphaPerPeriod(series(), other(), free()),
    'correlation corr': () => benchmark.correlation(series(), other()),
    'capture captureRatio': () => benchmark.captureRatio(series(), other(), year(), 'all'),
    'upCapture upsideCapture': () => benchmark.captureRatio(series(), other(), year(), 'up'),
    'downCapture downsideCapture': () => benchmark.captureRatio(series(), other(), year(), 'down'),
    trackingError: () => benchmark.trackingError(series(), other(), settings.periodsPerYear ?? 1),
    'informationRatio excessSharpe': () =>
      benchmark.informationRatio(series(), other(), settings.periodsPerYear ?? 1),
  });
}

function rollingAnswers(
  series: () => number[],
  settings: Settings,
  convention: () => ratios.RatioConvention,
  free: () => number,
): Answers {
  const windows = (rule: (window: moments.Returns) => Answer) => () => {
    if (settings.window === undefined) throw new NotOffered('a rolling statistic without its window');
    return won.rolling(series(), settings.window, rule);
  };
  return new Answers({
    rollingSharpe: windows((window) => ratios.sharpeRatio(window, free(), convention())),
    rollingVolatility: windows((window) => ratios.volatility(window, convention())),
  });
}

/** Answers from figures that others have summed up: a mean, a spread, a drawdown, two values and a time. */
export function aggregateAnswers(input: Input, settings: Settings): Answers {
  const free = () => (input.has('riskFree') ? input.double('riskFree') : (settings.riskFree ?? 0));
  const start = () => input.double(input.has('startValue') ? 'startValue' : 'startingBalance');
  const years = () =>
    input.has('years') ? input.double('years') : input.double('days') / (settings.daysPerYear ?? 365);
  return new Answers({
    'sharpe sharpeRatio': () => ratios.rewardToRisk(input.double('mean'), free(), input.double('deviation')),
    'sortino sortinoRatio': () => ratios.rewardToRisk(input.double('mean'), free(), input.double('downside')),
    'calmar calmarRatio': () =>
      drawdown.rewardToDrawdown(input.double('mean'), free(), input.double('maxDrawdown')),
    'scaled scaledRatio': () =>
      ratios.scaledRatio(
        input.double('ratio'),
        input.double('currentInterval'),
        input.double('targetInterval'),
      ),
    'cagr compoundAnnualGrowthRate': () =>
      growth.compoundAnnualGrowth(start(), input.double('finalBalance'), years()),
  });
}

/** Growth rate per year of a series: by its periods, or by the years it covers. */
export function growthAnswers(input: Input, settings: Settings, product: string): Answers {
  const steady = () => steadyOf(input);
  return new Answers({
    'cagr compoundAnnualGrowthRate': () =>
      input.has('years')
        ? mapKnown(growth.totalReturn(steady()), (total) =>
            growth.compoundAnnualGrowth(1, 1 + total, input.double('years')),
          )
        : growth.annualReturn(steady(), yearOf(settings, product)),
  });
}

/** Ratios of trades by the calendar: the case gives a balance and a number of days. */
export function calendarAnswers(input: Input, settings: Settings): Answers {
  const trades = () => ({
    pnls: pnlsOf(input),
    startingBalance: input.decimal('startingBalance'),
    days: input.double('days'),
  });
  return new Answers({
    'sharpe sharpeRatio': () => calendar.calendarSharpe(trades(), settings.periodsPerYear ?? 365),
    'sortino sortinoRatio': () => calendar.calendarSortino(trades(), settings.periodsPerYear ?? 365),
  });
}

function yearOf(settings: Settings, product: string): number {
  const periods = settings.periodsPerYear ?? PRODUCT_YEAR[product];
  if (periods === undefined) throw new NotOffered('an annual figure without its periods per year');
  return periods;
}

/** Downside deviation of a year. */
function downside(returns: readonly number[], target: number, periodsPerYear: number): Answer {
  return mapKnown(moments.downsideDeviation(returns, target), (spread) =>
    known(ratios.scaledRatio(spread, 1, periodsPerYear)),
  );
}

/** A required return is one of a year; a target or a threshold one of a period. */
function omegaThreshold(settings: Settings, year: () => number): number {
  if (settings.annualTarget === undefined) return settings.target ?? settings.riskFree ?? 0;
  return growth.perPeriodRate(settings.annualTarget, year()) + (settings.riskFree ?? 0);
}

function freeRate(input: Input, settings: Settings, year: () => number): number {
  if (settings.annualRiskFree !== undefined) return growth.perPeriodRate(settings.annualRiskFree, year());
  return input.has('riskFree') ? input.double('riskFree') : (settings.riskFree ?? 0);
}

/** The returns of a case, null where it has a gap; an equity is turned into the returns between its points. */
function periodsOf(input: Input, name: 'returns' | 'benchmark'): (number | null)[] {
  if (name === 'benchmark' || input.has('returns')) {
    return listAt(input.get(name), name).map((value) => exactNumber(value)?.toNumber() ?? null);
  }
  const levelsName = input.has('prices') ? 'prices' : 'equity';
  const levels = listAt(input.get(levelsName), levelsName).map((value) => exactNumber(value)?.toNumber());
  if (levels.some((level) => level === undefined)) throw new NotOffered('returns of an equity with flows');
  const returns = growth.simpleReturns(levels as number[]);
  if (returns.value === null) throw new NotOffered('returns of an equity that was not above zero');
  return returns.value;
}

function seriesOf(input: Input, name: 'returns' | 'benchmark'): number[] {
  return moments.withoutGaps(periodsOf(input, name));
}

/** For growth and drawdown: a gap is a period without a move. */
function steadyOf(input: Input): number[] {
  return moments.gapsAsZero(periodsOf(input, 'returns'));
}

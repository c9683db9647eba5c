import * as drawdown from '../../src/drawdown/domain/series/ratios.js';
import { tradesOf } from '../../src/pnl/domain/statistics/closed-trade.js';
import * as growth from '../../src/pnl/domain/statistics/growth.js';
import * as moments from '../../src/pnl/domain/statistics/moments.js';
import * as won from '../../src/pnl/domain/statistics/periods-won.js';
import * as ratios from '../../src/pnl/domain/statistics/risk-adjusted.js';
import * as variants from '../../src/pnl/domain/statistics/spread-variants.js';
import { known, mapKnown } from '../../src/pnl/domain/statistics/statistic.js';
import { streaks } from '../../src/pnl/domain/statistics/streaks.js';
import * as tail from '../../src/pnl/domain/statistics/tail-risk.js';
import { type Answer, Answers } from './answers.js';
import type { Input } from './input.js';
import { NotOffered } from './outcome.js';
import { benchmarkAnswers, compositeAnswers } from './return-extras.js';
import type { Settings } from './settings.js';
import { daysOf, levelsOf, yearsOf } from './series.js';
import { decimalAt, exactNumber, listAt } from './values.js';

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
  'pmorissette/ffn': 252,
};

/** Products whose mean is that of the periods that moved. */
const MEAN_OF_MOVES = new Set(['ranaroussi/quantstats']);

/** Answers about a return series, or about an equity curve through its returns. */
export function returnAnswers(input: Input, settings: Settings, product: string): Answers {
  const plain = () => seriesOf(input, 'returns');
  const series = () => (settings.logarithmic ? logged(plain()) : plain());
  const moves = () => plain().map((value) => decimalAt(value, 'returns[]'));
  const steady = () => steadyOf(input);
  const year = () => yearOf(settings, product);
  const free = () => freeRate(input, settings, year);
  const target = () => settings.target ?? free();
  const convention = () => ({ periodsPerYear: year(), ddof: settings.ddof ?? 1 });
  const share = () => settings.share ?? 0.05;
  return new Answers({
    'sharpe sharpeRatio': () => ratios.sharpeRatio(series(), free(), convention()),
    'sortino sortinoRatio': () =>
      sortino(series(), target(), convention(), settings),
    'volatility annualVolatility annualizedVolatility annualisedVolatility returnsVolatility': () =>
      settings.stableExponent === undefined
        ? ratios.volatility(series(), convention())
        : variants.stableVolatility(series(), convention(), settings.stableExponent),
    semiDeviation: () => variants.semiDeviation(series(), settings.ddof ?? 1),
    'std stdDev standardDeviation': () => moments.deviation(series(), settings.ddof ?? 1),
    variance: () => mapKnown(moments.deviation(series(), settings.ddof ?? 1), (spread) => known(spread ** 2)),
    'mean meanReturn averageReturn avgReturn returnsAverage returnsAvg': () =>
      MEAN_OF_MOVES.has(product) ? won.averageMove(series()) : moments.meanReturn(series()),
    'logReturns continuousReturns': () => logged(plain()),
    downsideDeviation: () => downside(series(), target(), settings.periodsPerYear ?? 1),
    'downsideRisk annualDownsideRisk': () => downside(series(), target(), year()),
    'geometricMean expectedReturn': () => growth.geometricMean(series()),
    'totalReturn cumReturnsFinal cumulativeReturn compoundedReturn comp': () => growth.totalReturn(steady()),
    'cumulativeReturns cumReturns': () => cumulated(input, steady()),
    'returns simpleReturns': () => series(),
    'annualReturn annualizedReturn annualisedReturn': () => growth.annualReturn(steady(), year()),
    'omega omegaRatio': () => ratios.omegaRatio(series(), omegaThreshold(settings, year)),
    'gainToPain gainToPainRatio': () => ratios.gainToPain(series()),
    'var valueAtRisk var95': () =>
      settings.valueAtRisk === 'parametric'
        ? tail.parametricValueAtRisk(series(), share())
        : tail.valueAtRisk(series(), share()),
    'cvar conditionalValueAtRisk expectedShortfall es cvar95': () =>
      settings.valueAtRisk === 'parametric'
        ? tail.parametricShortfall(series(), share())
        : tail.expectedShortfall(series(), share()),
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
    'consecutiveWins maxConsecutiveWins longestWinStreak': () => streaks(tradesOf(moves())).wins,
    'consecutiveLosses maxConsecutiveLosses longestLossStreak': () => streaks(tradesOf(moves())).losses,
    'exposure timeInMarket': () => won.timeInMarket(series()),
    riskReturnRatio: () => won.riskReturnRatio(series(), settings.ddof ?? 1),
  })
    .or(compositeAnswers(series))
    .or(drawdownRatios(input, steady, settings, year))
    .or(
      benchmarkAnswers(series, () => seriesOf(input, 'benchmark'), free, year, { settings, product }),
    )
    .or(rollingAnswers(series, settings, convention, free));
}

function sortino(
  series: moments.Returns,
  target: number,
  convention: ratios.RatioConvention,
  { downside: kind }: Settings,
): Answer {
  if (kind === 'losing-periods') return ratios.sortinoOfLosses(series, target, convention);
  if (kind === 'shortfalls') return variants.sortinoOfShortfalls(series, target, convention);
  return ratios.sortinoRatio(series, target, convention.periodsPerYear);
}

/** Over levels every point has its fall; over returns every return. */
function drawdownRatios(
  input: Input,
  series: () => number[],
  settings: Settings,
  year: () => number,
): Answers {
  const byLevels = !input.has('returns');
  const levels = () => levelsOf(input, settings);
  return new Answers({
    'calmar calmarRatio mar': () => drawdown.calmarRatio(series(), year()),
    'ulcerIndex ulcer': () =>
      byLevels
        ? drawdown.ulcerIndexOfLevels(levels(), settings.ddof)
        : drawdown.ulcerIndex(series(), settings.ddof),
    painIndex: () => (byLevels ? drawdown.painIndexOfLevels(levels()) : drawdown.painIndex(series())),
    'ulcerPerformanceIndex upi martinRatio': () =>
      drawdown.martinRatio(series(), settings.riskFree ?? 0, settings.ddof ?? 1),
    recoveryFactor: () => drawdown.recoveryFactor(series()),
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

/** Growth rate per year of a series: by its periods, or by the years it covers. */
export function growthAnswers(input: Input, settings: Settings, product: string): Answers {
  const steady = () => steadyOf(input);
  return new Answers({
    'cagr compoundAnnualGrowthRate': () =>
      input.has('years') || (settings.periodsPerYear === undefined && daysOf(input) !== null)
        ? mapKnown(growth.totalReturn(steady()), (total) =>
            growth.compoundAnnualGrowth(1, 1 + total, yearsOf(input, settings)),
          )
        : growth.annualReturn(steady(), yearOf(settings, product)),
  });
}

/** Some give growth as an index from a value of theirs. */
function cumulated(input: Input, returns: moments.Returns): Answer {
  return input.has('startingValue') && input.double('startingValue') !== 0
    ? growth.growthFrom(returns, input.double('startingValue'))
    : growth.cumulativeReturns(returns);
}

function logged(returns: number[]): number[] {
  const logs = growth.logReturns(returns);
  if (logs.value === null) throw new NotOffered('logarithms of a return that lost everything');
  return logs.value;
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

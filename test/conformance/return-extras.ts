import * as benchmark from '../../src/pnl/domain/statistics/benchmark.js';
import * as composite from '../../src/pnl/domain/statistics/composite-ratios.js';
import * as won from '../../src/pnl/domain/statistics/periods-won.js';
import { Answers } from './answers.js';
import type { Settings } from './settings.js';

/** Products whose information ratio is not annualised. */
const PLAIN_INFORMATION = new Set([
  'quantopian/empyrical',
  'stefan-jansen/empyrical-reloaded',
  'ranaroussi/quantstats',
  'pmorissette/ffn',
]);

/** Answers that put several figures of a return series together. */
export function compositeAnswers(series: () => number[]): Answers {
  return new Answers({
    'kelly kellyCriterion kellyFraction': () => composite.periodKelly(series()),
    cpcIndex: () => composite.cpcIndex(series()),
    'commonSenseRatio csr': () => composite.commonSenseRatio(series()),
    winLossRatio: () => won.returnPayoff(series()),
    outlierWinRatio: () => composite.outlierWinRatio(series()),
    outlierLossRatio: () => composite.outlierLossRatio(series()),
    'riskOfRuin ror': () => composite.riskOfRuin(series()),
    'probabilisticSharpeRatio probabilisticSharpe psr': () => composite.probabilisticSharpe(series()),
  });
}

/** Answers about a return series beside that of a market. */
export function benchmarkAnswers(
  series: () => number[],
  other: () => number[],
  free: () => number,
  year: () => number,
  { settings, product }: { readonly settings: Settings; readonly product: string },
): Answers {
  return new Answers({
    beta: () => benchmark.beta(series(), other()),
    alpha: () => benchmark.annualAlpha(series(), other(), free(), year()),
    alphaPerPeriod: () => benchmark.alphaPerPeriod(series(), other(), free()),
    'correlation corr': () => benchmark.correlation(series(), other()),
    'capture captureRatio': () => benchmark.captureRatio(series(), other(), year(), 'all'),
    'upCapture upsideCapture': () => benchmark.captureRatio(series(), other(), year(), 'up'),
    'downCapture downsideCapture': () => benchmark.captureRatio(series(), other(), year(), 'down'),
    'treynor treynorRatio': () => benchmark.treynorRatio(series(), other(), settings.riskFree ?? 0),
    battingAverage: () => benchmark.battingAverage(series(), other()),
    'upDownCapture upDownCaptureRatio': () => benchmark.upDownCapture(series(), other(), year()),
    trackingError: () => benchmark.trackingError(series(), other(), settings.periodsPerYear ?? 1),
    'informationRatio excessSharpe': () =>
      benchmark.informationRatio(
        series(),
        other(),
        PLAIN_INFORMATION.has(product) ? 1 : (settings.periodsPerYear ?? 1),
      ),
  });
}


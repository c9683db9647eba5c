import type { Json } from './outcome.js';
import {
  type Reader,
  dayCount,
  described,
  formula,
  number,
  parts,
  periods,
  rate,
  spread,
  tailShare,
  words,
} from './readers.js';
import type { Settings } from './settings.js';
import { exactNumber } from './values.js';

const lotMethods = words('lotMethod', [
  [/^(average|avg|weighted.?average|wac|average.?cost|moving.?average|pooled|acb)/i, 'AVERAGE'],
  [/^(fifo|first.?in)/i, 'FIFO'],
  [/^(lifo|last.?in)/i, 'LIFO'],
  [/^(hifo|highest)/i, 'HIFO'],
  [/^(lofo|lowest)/i, 'LOFO'],
]);

const groupings = words('grouping', [
  [/fill.?to.?fill/i, 'fill-to-fill'],
  [/flat.?to.?flat/i, 'flat-to-flat'],
  [/flat.?to.?reduced/i, 'flat-to-reduced'],
]);

const returnKinds = words('logarithmic', [
  [/^(simple|arithmetic)/i, false],
  [/^(log|continuous)/i, true],
]);

const timings = words('flowTiming', [
  [/inflows? (at|on).*(start|begin).*outflows? (at|on).*end/i, 'in-first'],
  [/start|begin|before/i, 'start'],
  [/end|after/i, 'end'],
]);

/** An exponent of a year above 1 is that of a stable distribution, a smaller one a share of a tail. */
const alpha: Reader = (value, settings) => {
  const number = exactNumber(value)?.toNumber();
  if (number === undefined || number <= 1 || number > 2) return tailShare(value, settings);
  settings.stableExponent = number;
  return true;
};

const feeWords = parts(
  words('fees', [
    [/^(expensed|base-fee-adjusts-qty|base fee adjusts|immediate)/i, 'expensed'],
    [/^(capitali[sz]ed|in(cluded in)? (the )?cost|added to cost)/i, 'capitalised'],
    [/^(excluded|none|no fees|ignored|gross)/i, 'excluded'],
  ]),
  words('feeShare', [
    [/(first|once)/i, 'first'],
    [/pro-?rata|by quantity/i, 'pro-rata'],
  ]),
);

/** How each convention is worded, by its plain name. */
export const READERS: Readonly<Record<string, Reader>> = {
  cost: lotMethods,
  lots: lotMethods,
  lotmethod: lotMethods,
  costmethod: lotMethods,
  costbasis: lotMethods,
  method: (value, settings) =>
    lotMethods(value, settings) ||
    groupings(value, settings) ||
    valueAtRiskWords(value, settings) ||
    spread(value, settings),
  matching: lotMethods,
  accounting: lotMethods,
  booking: lotMethods,
  fillmatching: lotMethods,
  grouping: groupings,
  fillgrouping: groupings,
  mode: described(/^netting/i),
  fees: feeWords,
  fee: feeWords,
  realizedscope: words('realizedScope', [
    [/^current-open-flat-cycle/i, 'cycle'],
    [/^(cumulative|lifetime|all|total)/i, 'cumulative'],
  ]),
  mark: words('mark', [
    [/long at bid, short at ask/i, 'closing-side'],
    [/^mid/i, 'mid'],
    [/^(last|mark)/i, 'last'],
  ]),
  maintmargin: marginWords(),
  initmargin: marginWords(),
  marginbasis: marginWords(),
  maintrate: rate('maintRate'),
  initrate: rate('initRate'),
  ratio: described(/^profit \/ \(open value \/ leverage\)/i),
  recovery: described(/last peak.*until.*again.*unrecovered = not counted/i),
  definition: described(/give-?back of open profit per unit/i),
  start: parts(
    described(/^1(\.0)? before the first return/i, /^first equity/i, /^starting ?balance/i, /^NaN = 0/i),
  ),
  select: words('select', [
    [/absolute/i, 'absolute'],
    [/relative/i, 'relative'],
  ]),
  zerotrades: words('zeroTrades', [
    [/^excluded/i, 'excluded'],
    [/^(counted|included)/i, 'counted'],
  ]),
  inputsare: described(/^aggregates/i, /^(returns|prices|equity|cash ?flows)/i),
  winlossrate: described(/^average of pnl\/running capital/i),
  durations: described(/^seconds/i),
  downsidedeviation: (value, settings) =>
    described(/of losing trades around their own mean/i)(value, settings) || downsideWords(value, settings),
  downside: (value, settings) => downsideWords(value, settings),
  profitfactorcap: () => true,
  ddof: number('ddof'),
  std: spread,
  stddev: spread,
  deviation: spread,
  periodsperyear: periods,
  annualization: periods,
  annualisation: periods,
  annualizationfactor: periods,
  annualisationfactor: periods,
  tradingdays: periods,
  tradingdaysperyear: periods,
  period: periods,
  periods: periods,
  frequency: periods,
  freq: periods,
  interval: periods,
  riskfree: number('riskFree'),
  riskfreerate: number('riskFree'),
  rf: number('riskFree'),
  riskfreeperperiod: number('riskFree'),
  riskfreeannual: number('annualRiskFree'),
  annualriskfree: number('annualRiskFree'),
  annualriskfreerate: number('annualRiskFree'),
  requiredreturn: (value, settings) =>
    number('target')(value, settings) && number('annualTarget')(value, settings),
  target: number('target'),
  targetreturn: number('target'),
  mar: number('target'),
  threshold: number('target'),
  cutoff: tailShare,
  confidence: tailShare,
  confidencelevel: tailShare,
  percentile: tailShare,
  alpha,
  window: number('window'),
  formula,
  volatility: formula,
  sharpe: formula,
  sortino: formula,
  calmar: formula,
  cagr: formula,
  omega: formula,
  twr: formula,
  xirr: formula,
  mwr: formula,
  irr: formula,
  bias: words('biased', [
    [/^(true|biased|population)/i, true],
    [/^(false|unbiased|sample)/i, false],
  ]),
  flowtiming: timings,
  timing: timings,
  flows: timings,
  daycount: dayCount,
  daysperyear: dayCount,
  basis: (value, settings) => dayCount(value, settings) || lotMethods(value, settings),
  var: valueAtRiskWords,
  returns: returnKinds,
  returntype: returnKinds,
  compounding: described(/^(true|compound|geometric|annual|effective)/i),
  compounded: described(/^true$/i),
  nan: described(/^(dropped|ignored|skipped|0)/i),
  interpolation: described(/^linear/i),
};

function valueAtRiskWords(value: Json, settings: Settings): boolean {
  return words('valueAtRisk', [
    [/^histor/i, 'historical'],
    [/^(parametric|normal|gaussian|variance)/i, 'parametric'],
  ])(value, settings);
}

function downsideWords(value: Json, settings: Settings): boolean {
  const known = words('downside', [
    [/min\(.*, ?0\).*(own mean|std|deviation)|(std|deviation) of min\(/i, 'shortfalls'],
    [/(all|over n|total|full)/i, 'all-periods'],
    [
      /(negative|losing|below).*(only|own mean)|only (negative|losing)|std.*(negative|losing)/i,
      'losing-periods',
    ],
  ])(value, settings);
  spread(value, settings);
  return known;
}

function marginWords(): Reader {
  return words('marginBasis', [
    [/rate × notional at average entry/i, 'entry'],
    [/rate × notional at (the )?(mark|current)/i, 'mark'],
  ]);
}

import {
  absoluteDepth,
  asFall,
  currentDrawdown,
  deepestAbsolute,
  deepestRelative,
  fallsOf,
  maximumDrawdown,
  relativeDepth,
} from '../../src/drawdown/domain/series/drawdowns.js';
import {
  adverseExcursion,
  favourableExcursion,
  largestGiveBack,
} from '../../src/drawdown/domain/series/give-back.js';
import {
  balancesOf,
  evenlySpaced,
  indexOfCumulativeReturns,
  indexOfReturns,
  tradeIndexOf,
} from '../../src/drawdown/domain/series/levels.js';
import {
  longestRecovery,
  longestUnderwater,
  timeUnderwater,
} from '../../src/drawdown/domain/series/recoveries.js';
import { type Valuation, flowAdjustedIndex } from '../../src/pnl/domain/returns/flow-index.js';
import { annualised, timeWeightedReturn } from '../../src/pnl/domain/returns/time-weighted.js';
import { Decimal } from '../../src/shared/decimal.js';
import { type Answer, Answers } from './answers.js';
import type { Input } from './input.js';
import { type Json, NotOffered, isObject } from './outcome.js';
import type { Settings } from './settings.js';
import { sideNamed } from './trade-profit.js';
import { dayOf, decimalAt, exactNumber, listAt } from './values.js';

/** Answers about the drawdowns of a series, whatever it is given as. */
export function seriesAnswers(input: Input, settings: Settings): Answers {
  const levels = () => levelsOf(input, settings);
  const times = () => timesOf(input, levels().length);
  const chosen = () =>
    settings.select === 'absolute' ? deepestAbsolute(levels()) : deepestRelative(levels());
  const give =
    <T>(rule: (side: 'LONG' | 'SHORT', prices: Decimal[]) => T) =>
    () =>
      rule(
        sideNamed(input.has('side') ? input.text('side') : 'LONG'),
        numbersOf(input.get('prices'), 'prices'),
      );
  return new Answers({
    'maxDrawdown maximumDrawdown mdd maxDD': () => fallOrNull(maximumDrawdown(levels())),
    'maxRelativeDrawdown maxDrawdownRel relMaxDrawdown': () => maximumDrawdown(levels()),
    'maxDrawdownAbs absMaxDrawdown maxAbsoluteDrawdown maxDrawdownAbsolute': () =>
      absoluteDepth(deepestAbsolute(levels())),
    relativeAtAbsMax: () => relativeDepth(deepestAbsolute(levels())),
    'absAtRelMax absoluteAtRelMax': () => absoluteDepth(deepestRelative(levels())),
    peakIndex: () => placeOf(input, chosen()?.peakIndex),
    'troughIndex lowIndex': () => placeOf(input, chosen()?.troughIndex),
    'peak peakValue': () => chosen()?.peak ?? null,
    'trough troughValue': () => chosen()?.level ?? null,
    'drawdowns drawdownSeries underwaterSeries underwater': () => fallsOf(levels()).map(fallOrNull),
    'maxDrawdownPct maxDrawdownPercent': () => percent(maximumDrawdown(levels())),
    'currentDrawdownPct currentDrawdownPercent': () => percent(currentDrawdown(levels())),
    currentDrawdown: () => fallOrNull(currentDrawdown(levels())),
    'longestRecoveryDays longestRecovery maxDrawdownRecovery drawdownRecovery': () =>
      longestRecovery(levels(), times()),
    'longestDrawdownDays longestUnderwaterDays maxUnderwaterDays maxDrawdownDuration': () => longestUnderwater(levels(), times()),
    'underwaterDays timeUnderwater drawdownDuration currentDrawdownDuration': () => timeUnderwater(levels(), times()),
    'maxTradeDrawdownPerUnit giveBackPerUnit': give(largestGiveBack),
    maePerUnit: give(adverseExcursion),
    mfePerUnit: give(favourableExcursion),
    'index flowAdjustedIndex': () => flowAdjustedIndex(valuationsOf(input), settings.flowTiming ?? 'end'),
    'twr timeWeightedReturn twrr ttwror': () =>
      timeWeightedReturn(valuationsOf(input), settings.flowTiming ?? 'end'),
    'annualizedTwr annualisedTwr twrAnnualized twrAnnualised': () =>
      annualised(
        timeWeightedReturn(valuationsOf(input), settings.flowTiming ?? 'end'),
        yearsOf(input, settings),
      ),
  });
}

/** When the levels were seen, in days: by the dates of the points, by the step, else a day apart. */
function timesOf(input: Input, count: number): number[] {
  const days = daysOf(input);
  if (days?.length === count) return days;
  return evenlySpaced(count, input.has('stepDays') ? input.double('stepDays') : 1);
}

/** The days of a series that is told with dates; null when it is not. */
export function daysOf(input: Input): number[] | null {
  if (input.has('dates')) return listAt(input.get('dates'), 'dates').map(dayOf);
  const name = input.has('valuations') ? 'valuations' : 'equity';
  const points = input.has(name) ? listAt(input.get(name), name) : [];
  const dates = points.map((point) => (isObject(point) ? (point.date ?? point.day) : undefined));
  return dates.length > 0 && dates.every((date) => date !== undefined) ? dates.map(dayOf) : null;
}

/** The years a series covers: told, or between its first and its last date. */
export function yearsOf(input: Input, settings: Settings): number {
  const days = input.has('years') ? null : daysOf(input);
  if (days === null || days.length === 0) return input.double('years');
  return (days.at(-1)! - days[0]!) / (settings.daysPerYear ?? 365);
}

function percent(depth: Decimal | null): Answer {
  return depth && depth.times(Decimal.HUNDRED);
}

/** Equity and flow at each point: `{v, flow}`, `{value, flow}`, or bare numbers, which have no flows. */
export function valuationsOf(input: Input): Valuation[] {
  const points = listAt(input.get(input.has('valuations') ? 'valuations' : 'equity'), 'equity');
  const flows = input.has('flows') ? listAt(input.get('flows'), 'flows') : null;
  if (flows && flows.length !== points.length)
    throw new NotOffered('flows that do not stand beside the equity');
  return points.map((point, index) => {
    const own = isObject(point) ? (point.flow ?? point.cashFlow ?? point.deposit) : undefined;
    const beside = flows?.[index];
    return { value: levelOf(point), flow: exactNumber(own ?? beside) ?? Decimal.ZERO };
  });
}

/** The levels of a series: money, or an index from its returns. Flows are taken out where there are any. */
export function levelsOf(input: Input, settings: Settings): Decimal[] {
  if (input.has('equity') || input.has('valuations')) return equityLevels(input, settings);
  if (input.has('prices')) return numbersOf(input.get('prices'), 'prices');
  if (input.has('returns')) return indexOfReturns(listAt(input.get('returns'), 'returns').map(exactNumber));
  if (input.has('cumulativeReturns')) {
    return indexOfCumulativeReturns(numbersOf(input.get('cumulativeReturns'), 'cumulativeReturns'));
  }
  const trades = input.has('closedTradePnl') ? 'closedTradePnl' : 'pnls';
  return balancesOf(input.decimalOr('startingBalance', Decimal.ZERO), numbersOf(input.get(trades), trades));
}

function equityLevels(input: Input, settings: Settings): Decimal[] {
  const valuations = valuationsOf(input);
  const flowed = valuations.some((valuation) => !valuation.flow.isZero());
  return flowed
    ? flowAdjustedIndex(valuations, settings.flowTiming ?? 'end')
    : valuations.map(({ value }) => value);
}

/** Indexes of a case name trades where it gives trades; the series then starts one level earlier. */
function placeOf(input: Input, index: number | undefined): Answer {
  if (index === undefined) return null;
  return input.has('closedTradePnl') || input.has('pnls') || input.has('returns')
    ? tradeIndexOf(index)
    : index;
}

function fallOrNull(depth: Decimal | null): Decimal | null {
  return depth && asFall(depth);
}

function levelOf(point: Json): Decimal {
  return decimalAt(
    isObject(point) ? (point.v ?? point.value ?? point.equity ?? point.nav) : point,
    'equity[]',
  );
}

export function numbersOf(value: Json, place: string): Decimal[] {
  return listAt(value, place).map((entry) => decimalAt(entry, `${place}[]`));
}

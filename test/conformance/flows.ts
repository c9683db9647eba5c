import * as dietzReturns from '../../src/pnl/domain/returns/modified-dietz.js';
import { modifiedIrr } from '../../src/pnl/domain/returns/modified-irr.js';
import { accountXirr, irr, presentValue, xirr } from '../../src/pnl/domain/returns/money-weighted.js';
import { chainLinked, linkedPeriods } from '../../src/pnl/domain/returns/time-weighted.js';
import type { Statistic } from '../../src/pnl/domain/statistics/statistic.js';
import type { Decimal } from '../../src/shared/decimal.js';
import { Answers } from './answers.js';
import type { Input } from './input.js';
import { type Json, NotOffered, isObject } from './outcome.js';
import { numbersOf, valuationsOf } from './series.js';
import type { Settings } from './settings.js';
import { dayOf, decimalAt, doubleAt, exactNumber, listAt } from './values.js';

interface FiledFlow {
  readonly day: number | null;
  readonly amount: number;
}

/** Answers about money put in and taken out. */
export function flowAnswers(input: Input, settings: Settings): Answers {
  const year = settings.daysPerYear;
  return new Answers({
    'xirr mwr mwrr moneyWeightedReturn': () => moneyWeighted(input, year),
    'irr internalRateOfReturn': () => {
      const isCurve = input.has('equity') && !listsFlows(input);
      const dated = isCurve || flowsOf(input).every((flow) => flow.day !== null);
      return dated ? moneyWeighted(input, year) : irr(flowsOf(input).map((flow) => flow.amount));
    },
    'npv netPresentValue presentValue': () => presentValue(flowsAtPeriods(input), input.double('rate')),
    'mirr modifiedIrr modifiedInternalRateOfReturn': () =>
      modifiedIrr(
        flowsOf(input).map((flow) => flow.amount),
        input.double('financeRate'),
        input.double('reinvestRate'),
      ),
    'modifiedDietz dietz': () => dietz(input),
    simpleDietz: () =>
      dietzReturns.simpleDietz(
        input.decimal('startValue'),
        input.decimal('finalBalance'),
        flowsOf(input).map(({ amount }) => decimalAt(amount, 'flows[].amount')),
      ),
    'chainLinkedReturn linkedReturn': () => linked(input, settings),
  }).or(input.has('subPeriods') || input.has('returns') ? linkedAnswers(input, settings) : new Answers({}));
}

/** Where only sub-periods or returns are given, the time-weighted return is what they chain to. */
function linkedAnswers(input: Input, settings: Settings): Answers {
  return new Answers({ 'twr timeWeightedReturn twrr ttwror': () => linked(input, settings) });
}

function linked(input: Input, settings: Settings) {
  if (input.has('returns')) return chainLinked(numbersOf(input.get('returns'), 'returns'));
  const rows = listAt(input.get('subPeriods'), 'subPeriods');
  if (!rows.some(isObject)) return chainLinked(numbersOf(rows, 'subPeriods'));
  const periods = rows.map((row) => {
    if (!isObject(row)) throw new NotOffered('sub-periods of several kinds');
    const unknown = Object.keys(row).find(
      (key) => !/^(start|begin|end|startValue|endValue|beginValue|flow|cashFlow)$/.test(key),
    );
    if (unknown !== undefined) throw new NotOffered(`subPeriods[].${unknown}`);
    const start = decimalAt(row.start ?? row.begin ?? row.startValue ?? row.beginValue, 'subPeriods[].start');
    const flow = decimalAt(row.flow ?? row.cashFlow ?? 0, 'subPeriods[].flow');
    return { start, flow, end: decimalAt(row.end ?? row.endValue, 'subPeriods[].end') };
  });
  return linkedPeriods(periods, settings.flowTiming ?? 'end');
}

/**
 * Investor's flows stand as they are. An account's flows (+ came in) come with its curve, or with its value at the end: the
 * rule turns them.
 */
function moneyWeighted(input: Input, daysPerYear?: number): Statistic<number> {
  if (input.has('equity') && !listsFlows(input)) return ofCurve(input, daysPerYear);
  if (!input.has('finalBalance')) return xirr(datedFlows(input), daysPerYear);
  const flows = datedFlows(input).map(({ day, amount }) => ({ day, flow: amount }));
  // Days of a case are counted from its start; dates begin, where nothing else is said, with the first flow.
  const isCounted = input.has('startValue') && !isDated(input);
  const first = isCounted ? 0 : (flows[0]?.day ?? 0);
  const start = {
    day: input.has('startDate') ? dayOf(input.get('startDate')) : first,
    value: doubleOr(input, 'startValue'),
  };
  const last = input.has('finalDate') ? dayOf(input.get('finalDate')) : input.double('days') + start.day;
  return accountXirr(start, flows, { day: last, value: input.double('finalBalance') }, daysPerYear);
}

function ofCurve(input: Input, daysPerYear?: number): Statistic<number> {
  const dates = input.has('dates') ? listAt(input.get('dates'), 'dates') : [];
  const days = listAt(input.get('equity'), 'equity').map((point, index) => {
    const date = isObject(point) ? (point.date ?? point.day ?? point.t ?? point.ts) : dates[index];
    if (date === undefined) throw new NotOffered('an equity curve without dates');
    return dayOf(date);
  });
  const points = valuationsOf(input).map(({ value, flow }, index) => ({
    day: days[index]!,
    value: value.toNumber(),
    flow: flow.toNumber(),
  }));
  const [first, ...rest] = points;
  if (!first) return xirr([]);
  return accountXirr(first, rest, rest.at(-1) ?? first, daysPerYear);
}

function doubleOr(input: Input, name: 'startValue'): number {
  return input.has(name) ? input.double(name) : 0;
}

function datedFlows(input: Input): { day: number; amount: number }[] {
  return flowsOf(input).map(({ day, amount }) => {
    if (day === null) throw new NotOffered('flows without dates');
    return { day, amount };
  });
}

/** "values" beside dates are flows where some are below zero: no account is worth less than nothing for a while. */
function listsFlows(input: Input): boolean {
  if (input.has('flows') || input.has('amounts')) return false;
  const values = listAt(input.get('equity'), 'equity');
  return values.some((value) => !isObject(value) && exactNumber(value)?.isNegative() === true);
}

function isDated(input: Input): boolean {
  const rows = input.has('flows') ? listAt(input.get('flows'), 'flows') : [];
  const dates = rows.map((row) => (isObject(row) ? (row.date ?? row.day ?? row.days ?? row.t) : row));
  return input.has('startDate') || dates.some((date) => typeof date === 'string' && /-/.test(date));
}

function flowsAtPeriods(input: Input): { at: number; amount: number }[] {
  return flowsOf(input).map(({ amount }, at) => ({ at, amount }));
}

function flowsOf(input: Input): FiledFlow[] {
  if (input.has('equity') && listsFlows(input))
    return paired(input, listAt(input.get('equity'), 'equity'));
  if (input.has('amounts')) return paired(input, listAt(input.get('amounts'), 'amounts'));
  const rows = listAt(input.get('flows'), 'flows');
  return rows.some(isObject) || rows.some(Array.isArray) ? rows.map(flowOf) : paired(input, rows);
}

function paired(input: Input, amounts: readonly Json[]): FiledFlow[] {
  const dates = input.has('dates') ? listAt(input.get('dates'), 'dates') : null;
  if (dates && dates.length !== amounts.length)
    throw new NotOffered('dates that do not stand beside the amounts');
  return amounts.map((amount, index) => ({
    day: dates ? dayOf(dates[index]) : null,
    amount: doubleAt(amount, 'amounts[]'),
  }));
}

function flowOf(row: Json): FiledFlow {
  if (Array.isArray(row)) {
    const [date, amount] = row as Json[];
    return { day: dayOf(date), amount: doubleAt(amount, 'flows[][1]') };
  }
  if (!isObject(row)) throw new NotOffered('flows of several kinds');
  const unknown = Object.keys(row).find(
    (key) => !/^(date|day|days|t|ts|time|amount|flow|value|cf)$/i.test(key),
  );
  if (unknown !== undefined) throw new NotOffered(`flows[].${unknown}`);
  const date = row.date ?? row.day ?? row.days ?? row.t ?? row.ts ?? row.time;
  return {
    day: date === undefined ? null : dayOf(date),
    amount: doubleAt(row.amount ?? row.flow ?? row.value ?? row.cf, 'flows[].amount'),
  };
}

/** Days of a period are counted from its start. */
function dietz(input: Input): Statistic<Decimal> {
  const start = input.has('startDate') ? dayOf(input.get('startDate')) : 0;
  const length = input.has('days') ? input.decimal('days') : spanOf(start, dayOf(input.get('finalDate')));
  const flows = datedFlows(input).map(({ day, amount }) => ({
    amount: decimalAt(amount, 'flows[].amount'),
    day: spanOf(start, day),
  }));
  return dietzReturns.modifiedDietzByDay(input.decimal('startValue'), input.decimal('finalBalance'), flows, length);
}

function spanOf(start: number, end: number): Decimal {
  return decimalAt(end - start, 'a date');
}

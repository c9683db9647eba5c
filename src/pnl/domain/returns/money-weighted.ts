import { type Statistic, known, unknown } from '../statistics/statistic.js';
import { rootOf } from './root.js';

/** Money at a moment from the investor's view: − put in, + taken out (the final value is taken out). */
export interface DatedFlow {
  /** Days since any fixed day; fractions of a day count. */
  readonly day: number;
  readonly amount: number;
}

/** Actual days over a year of 365, as Excel's XIRR counts. */
const DAYS_PER_YEAR = 365;

/**
 * Money-weighted return per year: the rate at which all flows are worth nothing today, act/365 unless told otherwise
 * (XIRR). Of several roots the one nearest to zero. null when the flows do not change sign or no rate is found between
 * −99.9999999 % and + 10¹² %.
 */
export function xirr(flows: readonly DatedFlow[], daysPerYear = DAYS_PER_YEAR): Statistic<number> {
  const first = flows.reduce((earliest, flow) => Math.min(earliest, flow.day), Infinity);
  return rateOfReturn(flows.map((flow) => ({ at: (flow.day - first) / daysPerYear, amount: flow.amount })));
}

/** The account's view of money at a moment: + came in, − went out. */
export interface AccountFlow {
  readonly day: number;
  readonly flow: number;
}

/**
 * Money-weighted return per year of an account: what was there at the start and what came in is put in, what went out and
 * what is there at the end is taken out. null as `xirr`.
 */
export function accountXirr(
  start: { readonly day: number; readonly value: number },
  flows: readonly AccountFlow[],
  end: { readonly day: number; readonly value: number },
  daysPerYear = DAYS_PER_YEAR,
): Statistic<number> {
  const between = flows.map(({ day, flow }) => ({ day, amount: -flow }));
  const invested = { day: start.day, amount: -start.value };
  return xirr([invested, ...between, { day: end.day, amount: end.value }], daysPerYear);
}

/** Internal rate of return per period of flows one period apart, the first now. null as `xirr`. */
export function irr(amounts: readonly number[]): Statistic<number> {
  return rateOfReturn(amounts.map((amount, at) => ({ at, amount })));
}

/** What flows are worth at their first moment at a rate per year: Σ amount ÷ (1 + rate)^years. */
export function presentValue(flows: readonly { at: number; amount: number }[], rate: number): number {
  return flows.reduce((total, flow) => total + flow.amount * Math.exp(-flow.at * Math.log1p(rate)), 0);
}

function rateOfReturn(flows: readonly { at: number; amount: number }[]): Statistic<number> {
  if (flows.length === 0) return unknown('no_flows');
  const bothSigns = flows.some((flow) => flow.amount > 0) && flows.some((flow) => flow.amount < 0);
  if (!bothSigns) return unknown('no_sign_change');
  const growth = rootOf(
    (logRate) => presentValue(flows, Math.expm1(logRate)),
    LOWEST_LOG_RATE,
    HIGHEST_LOG_RATE,
  );
  return growth === null ? unknown('not_converging') : known(Math.expm1(growth));
}

/** Searched on the logarithm of 1 + rate, where a doubling and a halving are equally far. */
const LOWEST_LOG_RATE = Math.log(1e-9);
const HIGHEST_LOG_RATE = Math.log(1e10);

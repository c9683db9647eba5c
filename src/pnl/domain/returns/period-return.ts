import type { Micros } from '../../../ledger/facts.js';
import type { Span } from '../../../shared/calendar-periods.js';
import { Decimal } from '../../../shared/decimal.js';
import { MICROS_PER_DAY } from '../../../shared/periods.js';
import { RATIO_PLACES } from '../statistics/closed-trade.js';
import { type Statistic, known, mapKnown, unknown } from '../statistics/statistic.js';
import { type DatedFlow, xirr } from './money-weighted.js';

/** Where an account stood at an edge of a period. */
export interface Standing {
  /** Wallet balance + unrealized PnL, in the account's currency. */
  readonly equity: Decimal;
  /** What one unit of money became since the last ruin, flows taken out; see `growthOf`. */
  readonly growth: Decimal;
  /** How many ruins a deposit brought it back from. */
  readonly ruins: number;
}

/** Money that moved at a moment: + came in, − went out. */
export interface TimedFlow {
  readonly at: Micros;
  readonly amount: Decimal;
}

/** What an account earned in a period. Money in its currency, returns in percent, + = earned. */
export interface PeriodReturn {
  /** At the start: what was carried over the edge; 0 before the account was first seen. */
  readonly equityStart: Decimal;
  readonly equityEnd: Statistic<Decimal>;
  /** Deposits − withdrawals. */
  readonly netDeposits: Decimal;
  /** Equity at the end − at the start − net deposits. */
  readonly gain: Statistic<Decimal>;
  /** Time-weighted: what a unit of money earned that was there all the time, whatever moved. −100 when everything was lost. */
  readonly timeWeightedPct: Statistic<Decimal>;
  /** Money-weighted: the rate, for as long as money was there in the period, at which start and flows grow into the end. */
  readonly moneyWeightedPct: Statistic<Decimal>;
  /** The same rate for a year of 365 days (XIRR). */
  readonly xirrPct: Statistic<Decimal>;
}

const DAYS_PER_YEAR = 365;
/** Rates are doubles; so many places of a percent are shown. */
const RATE_PLACES = 10;

/** The returns of a period from where the account stood at both ends (null = it had not been seen yet) and what moved between. */
export function periodReturn(
  { from, to }: Span,
  start: Standing | null,
  end: Standing | null,
  flows: readonly TimedFlow[],
): PeriodReturn {
  const equityStart = start?.equity ?? Decimal.ZERO;
  const netDeposits = Decimal.sum(flows.map(({ amount }) => amount));
  if (!end) {
    const none = unknown('not_seen');
    return {
      ...{ equityStart, netDeposits, equityEnd: none, gain: none },
      ...{ timeWeightedPct: none, moneyWeightedPct: none, xirrPct: none },
    };
  }
  const dated = datedFlows({ from, to }, equityStart, end.equity, flows);
  return {
    equityStart,
    netDeposits,
    equityEnd: known(end.equity),
    gain: known(end.equity.minus(equityStart).minus(netDeposits)),
    timeWeightedPct: timeWeighted(start, end),
    moneyWeightedPct: rateOf(dated, daysOf(dated)),
    xirrPct: rateOf(dated, DAYS_PER_YEAR),
  };
}

function timeWeighted(start: Standing | null, end: Standing): Statistic<Decimal> {
  const growth = start?.growth ?? Decimal.ONE;
  if (!growth.isPositive()) return unknown('no_capital');
  // The money that was there is gone; what a later deposit earned belongs to another series.
  if (end.ruins > (start?.ruins ?? 0)) return known(Decimal.HUNDRED.negated());
  const total = end.growth.dividedBy(growth, RATIO_PLACES).minus(Decimal.ONE);
  return known(total.times(Decimal.HUNDRED).rounded());
}

/** For how long money was there: a rate for longer than that would be one that nobody earned. */
function daysOf(flows: readonly DatedFlow[]): number {
  const days = flows.map(({ day }) => day);
  return Math.max(...days) - Math.min(...days);
}

/** From the investor's side: what was there and came in is paid, what went out and is there at the end is received. */
function datedFlows(
  { from, to }: Span,
  start: Decimal,
  end: Decimal,
  flows: readonly TimedFlow[],
): DatedFlow[] {
  const dated = (at: Micros, amount: Decimal): DatedFlow => ({
    day: at / MICROS_PER_DAY,
    amount: amount.toNumber(),
  });
  const moved = flows.map(({ at, amount }) => dated(at, amount.negated()));
  return [dated(from, start.negated()), ...moved, dated(to, end)].filter(({ amount }) => amount !== 0);
}

function rateOf(flows: readonly DatedFlow[], perDays: number): Statistic<Decimal> {
  if (perDays === 0 && flows.length > 1) return unknown('no_times');
  return mapKnown(xirr(flows, perDays), (rate) => known(Decimal.stored((rate * 100).toFixed(RATE_PLACES))));
}

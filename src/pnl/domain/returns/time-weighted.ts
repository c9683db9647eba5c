import { Decimal } from '../../../shared/decimal.js';
import { RATIO_PLACES } from '../statistics/closed-trade.js';
import { type Statistic, known, mapKnown, unknown } from '../statistics/statistic.js';
import { type FlowTiming, type Valuation, flowAdjustedIndex, worksAtOnce } from './flow-index.js';

/** Time-weighted return over all valuations, a fraction: the index chain-linked, flows left out. null below one. */
export function timeWeightedReturn(valuations: readonly Valuation[], timing: FlowTiming): Statistic<Decimal> {
  const [first] = valuations;
  if (first === undefined) return unknown('no_returns');
  const last = flowAdjustedIndex(valuations, timing).at(-1)!;
  return first.value.isPositive() ? known(last.minus(Decimal.ONE)) : unknown('no_capital');
}

/** The returns between the valuations, flows left out; null when a step starts from nothing. */
export function periodReturns(valuations: readonly Valuation[], timing: FlowTiming): Statistic<Decimal[]> {
  const returns: Decimal[] = [];
  for (const [place, valuation] of valuations.slice(1).entries()) {
    const growth = stepGrowth(valuations[place]!.value, valuation, timing);
    if (growth === null) return unknown('no_capital');
    returns.push(growth.minus(Decimal.ONE));
  }
  return known(returns);
}

/** Returns of sub-periods linked into one: Π (1 + r) − 1, exact. null of nothing. */
export function chainLinked(returns: readonly Decimal[]): Statistic<Decimal> {
  if (returns.length === 0) return unknown('no_returns');
  const growth = returns.reduce(
    (index, value) => index.times(value.plus(Decimal.ONE)).rounded(RATIO_PLACES),
    Decimal.ONE,
  );
  return known(growth.minus(Decimal.ONE));
}

/** A stretch between two valuations: + flow came in during it, − went out. */
export interface SubPeriod {
  readonly start: Decimal;
  readonly end: Decimal;
  readonly flow: Decimal;
}

/** The growth of sub-periods, each from its own start to its end, linked into one; null when one starts from nothing. */
export function linkedPeriods(periods: readonly SubPeriod[], timing: FlowTiming): Statistic<Decimal> {
  const returns: Decimal[] = [];
  for (const { start, end, flow } of periods) {
    const growth = stepGrowth(start, { value: end, flow }, timing);
    if (growth === null) return unknown('no_capital');
    returns.push(growth.minus(Decimal.ONE));
  }
  return chainLinked(returns);
}

/** A return over some years as a rate per year: (1 + total)^(1 ÷ years) − 1; null when all is lost or no time passed. */
export function annualised(total: Statistic<Decimal>, years: number): Statistic<number> {
  return mapKnown(total, (value) => {
    const growth = value.plus(Decimal.ONE).toNumber();
    if (growth <= 0) return unknown('lost_everything');
    return years <= 0 ? unknown('no_times') : known(growth ** (1 / years) - 1);
  });
}

/** What one unit of money became in a step; null when nothing was there to grow. */
function stepGrowth(before: Decimal, valuation: Valuation, timing: FlowTiming): Decimal | null {
  const atOnce = worksAtOnce(valuation.flow, timing);
  const start = atOnce ? before.plus(valuation.flow) : before;
  const end = atOnce ? valuation.value : valuation.value.minus(valuation.flow);
  return start.isPositive() ? end.dividedBy(start, RATIO_PLACES) : null;
}

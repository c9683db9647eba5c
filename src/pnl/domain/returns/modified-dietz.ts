import { Decimal } from '../../../shared/decimal.js';
import { RATIO_PLACES } from '../statistics/closed-trade.js';
import { type Statistic, known, unknown } from '../statistics/statistic.js';

/** A flow inside a period: + came in, − went out; `remaining` is the share of the period still ahead, 0 … 1. */
export interface WeightedFlow {
  readonly amount: Decimal;
  readonly remaining: Decimal;
}

/**
 * Modified Dietz return of a period, a fraction: gain ÷ (start + Σ flow × remaining share), where gain is
 * end − start − Σ flows. null when that average capital is not above zero.
 */
export function modifiedDietz(
  start: Decimal,
  end: Decimal,
  flows: readonly WeightedFlow[],
): Statistic<Decimal> {
  const moved = Decimal.sum(flows.map((flow) => flow.amount));
  const capital = start.plus(Decimal.sum(flows.map((flow) => flow.amount.times(flow.remaining))));
  if (!capital.isPositive()) return unknown('no_capital');
  return known(end.minus(start).minus(moved).dividedBy(capital, RATIO_PLACES));
}

/** The same with flows by the day they came, out of the days the period has; a flow at its end has no weight. */
export function modifiedDietzByDay(
  start: Decimal,
  end: Decimal,
  flows: readonly { readonly amount: Decimal; readonly day: Decimal }[],
  days: Decimal,
): Statistic<Decimal> {
  if (!days.isPositive()) return unknown('no_times');
  const weighted = flows.map(({ amount, day }) => ({
    amount,
    remaining: days.minus(day).dividedBy(days, RATIO_PLACES),
  }));
  return modifiedDietz(start, end, weighted);
}

/** Simple Dietz: every flow counts for half of the period. */
export function simpleDietz(start: Decimal, end: Decimal, flows: readonly Decimal[]): Statistic<Decimal> {
  const half = Decimal.ONE.dividedBy(Decimal.integer(2), 1);
  return modifiedDietz(
    start,
    end,
    flows.map((amount) => ({ amount, remaining: half })),
  );
}

import { Decimal } from '../../../shared/decimal.js';
import { RATIO_PLACES } from '../statistics/closed-trade.js';

/** Equity as seen at a moment, and the money that came in (+) or went out (−) since the moment before. */
export interface Valuation {
  readonly value: Decimal;
  readonly flow: Decimal;
}

/**
 * When the flow of a valuation happened: at the `end` of the step, so that the value straight before it was value − flow,
 * or at its `start`, so that it worked from the valuation before. A flow booked on the curve at its own moment is `end`.
 * `in-first`: what comes in works from the start of its step, what goes out worked until its end.
 */
export type FlowTiming = 'end' | 'start' | 'in-first';

/** Whether a flow works in its own step. */
export function worksAtOnce(flow: Decimal, timing: FlowTiming): boolean {
  return timing === 'start' || (timing === 'in-first' && flow.isPositive());
}

/** Units are shares of the account: a flow buys or sells them at the index, nothing else does. */
interface Curve {
  readonly index: Decimal;
  /** null before equity was ever positive. */
  readonly units: Decimal | null;
}

/**
 * The flow-adjusted index at every valuation: equity ÷ units, 1 when equity first is positive. Deposits and withdrawals
 * change the units only. At equity ≤ 0 the index is 0, until profit brings the old units back or a deposit starts a new
 * series at 1. Withdrawing all is no loss: the index waits where it is. Rounded at 28 places.
 */
export function flowAdjustedIndex(valuations: readonly Valuation[], timing: FlowTiming): Decimal[] {
  let curve: Curve = { index: Decimal.ZERO, units: null };
  return valuations.map((valuation) => {
    curve = nextPoint(curve, valuation, timing);
    return curve.index;
  });
}

function nextPoint(curve: Curve, { value, flow }: Valuation, timing: FlowTiming): Curve {
  if (curve.units === null) return firstPoint(value);
  if (curve.units.isZero()) return resumed(curve.index, value);
  if (flow.isZero()) return { index: priceOf(value, curve.units), units: curve.units };
  const atFlow = worksAtOnce(flow, timing) ? curve.index : priceOf(value.minus(flow), curve.units);
  if (!atFlow.isPositive())
    return value.isPositive() ? firstPoint(value) : { index: Decimal.ZERO, units: curve.units };
  const units = curve.units.plus(flow.dividedBy(atFlow, RATIO_PLACES));
  if (value.isZero()) return { index: atFlow, units: Decimal.ZERO };
  return { index: priceOf(value, units), units };
}

function firstPoint(value: Decimal): Curve {
  return value.isPositive() ? { index: Decimal.ONE, units: value } : { index: Decimal.ZERO, units: null };
}

/** New money after everything was withdrawn goes on at the index that waited. */
function resumed(index: Decimal, value: Decimal): Curve {
  return { index, units: value.isPositive() ? value.dividedBy(index, RATIO_PLACES) : Decimal.ZERO };
}

function priceOf(value: Decimal, units: Decimal): Decimal {
  return value.isPositive() ? value.dividedBy(units, RATIO_PLACES) : Decimal.ZERO;
}

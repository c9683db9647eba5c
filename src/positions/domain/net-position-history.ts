import { Decimal } from '../../shared/decimal.js';
import { type Contract, LINEAR } from './net-position-contract.js';
import { type PositionCycle, chargeCycle, extendCycle, newCycle, reduceCycle } from './net-position-cycle.js';
import { type FeeConvention, type FillFee, feeValue, heldFill, splitFee } from './net-position-fees.js';
import { type Placed, inVenueOrder } from './net-position-order.js';
import { FLAT, type FillEffect, type NetFill, applyFill } from './net-position.js';

/** A fill with its fee and its place in time. Quantity signed: + buys, − sells; a fill of nothing changes nothing. */
export interface PositionFill extends NetFill, Placed {
  readonly fee: FillFee | null;
}

/** The rules of one symbol's account. */
export interface PositionRules {
  readonly contract: Contract;
  readonly fees: FeeConvention;
}

/** Linear, fees expensed when filled: the house's rules. */
export const HOUSE_RULES: PositionRules = { contract: LINEAR, fees: 'expensed' };

/** Where one symbol stands after its fills. */
export interface PositionState {
  /** The running cycle; null while flat. */
  readonly current: PositionCycle | null;
  /** The cycle that closed last; null before the first close. */
  readonly lastClosed: PositionCycle | null;
  /** Realized PnL over all cycles in the settlement currency, net of recognised fees. */
  readonly realized: Decimal;
  /** The same before fees. */
  readonly realizedGross: Decimal;
}

/** What one fill did: where the symbol stands after it, the position's effect, what it realized, what it closed. */
export interface PositionStep {
  readonly state: PositionState;
  readonly effect: FillEffect;
  /** PnL this fill realized, net of the fees recognised with it. */
  readonly realized: Decimal;
  /** The cycle this fill ended; null when it ended none. */
  readonly closedCycle: PositionCycle | null;
}

/** A symbol that was never traded. */
export const NEVER_TRADED: PositionState = {
  current: null,
  lastClosed: null,
  realized: Decimal.ZERO,
  realizedGross: Decimal.ZERO,
};

/** Books one fill behind those already booked. A reversal closes one cycle and opens the next with its share of the fee. */
export function bookFill(
  state: PositionState,
  fill: PositionFill,
  rules: PositionRules = HOUSE_RULES,
): PositionStep {
  const held = state.current;
  const effect = applyFill(held?.position ?? FLAT, heldFill(fill, fill.fee), rules.contract);
  const reduced = held && reducedBy(held, fill, effect, rules);
  const closedCycle = reduced?.position.quantity.isZero() ? reduced : null;
  const remaining = closedCycle === null ? reduced : null;
  const current = effect.opened.isZero()
    ? remaining
    : extendedBy(remaining ?? newCycle(fill.occurredAt), fill, effect, rules);
  const realized = realizedIn(closedCycle).plus(realizedIn(current)).minus(realizedIn(held));
  const next = {
    current,
    lastClosed: closedCycle ?? state.lastClosed,
    realized: state.realized.plus(realized),
    realizedGross: state.realizedGross.plus(effect.realized),
  };
  return { state: next, effect, realized, closedCycle };
}

/** All fills in the venue's order, repeats dropped: where they end, what each did, and every cycle, oldest first. */
export function foldFills(
  fills: readonly PositionFill[],
  rules: PositionRules = HOUSE_RULES,
  start: PositionState = NEVER_TRADED,
): {
  readonly state: PositionState;
  readonly steps: readonly PositionStep[];
  readonly cycles: readonly PositionCycle[];
} {
  const steps: PositionStep[] = [];
  let state = start;
  for (const fill of inVenueOrder(fills)) {
    const step = bookFill(state, fill, rules);
    steps.push(step);
    state = step.state;
  }
  const cycles = [...steps.map((step) => step.closedCycle), state.current].filter((cycle) => cycle !== null);
  return { state, steps, cycles };
}

/** Realized PnL of a cycle, net of the fees recognised in it. */
export function realizedOf(cycle: PositionCycle): Decimal {
  return cycle.realizedGross.minus(cycle.feesRecognised);
}

function realizedIn(cycle: PositionCycle | null): Decimal {
  return cycle === null ? Decimal.ZERO : realizedOf(cycle);
}

function reducedBy(
  cycle: PositionCycle,
  fill: PositionFill,
  effect: FillEffect,
  rules: PositionRules,
): PositionCycle {
  if (effect.closed.isZero()) return cycle;
  const charged = splitFee(fill.fee?.amount ?? Decimal.ZERO, effect).closing;
  const closing = feeValue(fill.fee, charged, fill.price, rules.contract);
  const released = carriedShare(cycle, effect);
  const recognised = rules.fees === 'excluded' ? Decimal.ZERO : closing.plus(released);
  const fees = { recognised, carried: released.negated(), opening: Decimal.ZERO, charged };
  return chargeCycle(reduceCycle(cycle, effect, fill.occurredAt), fill.fee, fees);
}

function extendedBy(
  cycle: PositionCycle,
  fill: PositionFill,
  effect: FillEffect,
  rules: PositionRules,
): PositionCycle {
  const charged = splitFee(fill.fee?.amount ?? Decimal.ZERO, effect).opening;
  const opening = feeValue(fill.fee, charged, fill.price, rules.contract);
  const fees = {
    recognised: rules.fees === 'expensed' ? opening : Decimal.ZERO,
    carried: rules.fees === 'capitalised' ? opening : Decimal.ZERO,
    opening,
    charged,
  };
  return chargeCycle(extendCycle(cycle, effect), fill.fee, fees);
}

/** The waiting opening fees that leave with the closed part: exactly all when all closes. */
function carriedShare(cycle: PositionCycle, effect: FillEffect): Decimal {
  const held = cycle.position.quantity;
  if (effect.closed.equals(held)) return cycle.feesCarried;
  return cycle.feesCarried.times(effect.closed).dividedBy(held);
}

import { Decimal } from '../../shared/decimal.js';
import { type Contract, LINEAR, contractPrice } from './net-position-contract.js';
import type { PositionCycle } from './net-position-cycle.js';
import { realizedOf } from './net-position-history.js';
import { averagePrice, unrealizedPnl } from './net-position.js';

/** Average entry price of a cycle: of what is held, or, once closed, of what was held last. null if never held. */
export function averageOpen(cycle: PositionCycle, contract: Contract = LINEAR): Decimal | null {
  return averagePrice(cycle.lastOpen, contract);
}

/** Average price of all that was closed in a cycle; null while nothing was. */
export function averageClose(cycle: PositionCycle, contract: Contract = LINEAR): Decimal | null {
  return contractPrice(contract, cycle.exitQuantity, cycle.exitValue);
}

/**
 * Price return of what was closed, before fees, as a fraction: (close − open) ÷ open for a long, (open − close) ÷ open
 * for a short. Zero while nothing is closed; null when the average entry price is zero or unknown.
 */
export function realizedReturn(cycle: PositionCycle, contract: Contract = LINEAR): Decimal | null {
  const open = averageOpen(cycle, contract);
  if (open === null || open.isZero()) return null;
  const close = averageClose(cycle, contract);
  if (close === null) return Decimal.ZERO;
  const move = cycle.lastOpen.quantity.isNegative() ? open.minus(close) : close.minus(open);
  return move.dividedBy(open);
}

/** What all entries of a cycle cost with their fees, ≥ 0 in money; for a short, what they brought in after fees. */
export function entryCost(cycle: PositionCycle): Decimal {
  return cycle.entryValue.plus(cycle.openingFees).abs();
}

/** Net realized PnL ÷ the cost of all entries with fees, as a fraction; null when that cost is zero. */
export function returnOnEntryCost(cycle: PositionCycle): Decimal | null {
  const cost = entryCost(cycle);
  return cost.isZero() ? null : realizedOf(cycle).dividedBy(cost);
}

/**
 * What closing the rest will probably cost in fees: the fees paid to open, in proportion to what is still held of the
 * peak quantity. Zero when nothing was ever held.
 */
export function estimatedExitFee(cycle: PositionCycle): Decimal {
  if (cycle.peakQuantity.isZero()) return Decimal.ZERO;
  return cycle.openingFees.times(cycle.position.quantity.abs()).dividedBy(cycle.peakQuantity);
}

/** Unrealized PnL at a mark less the estimated fee of closing there. */
export function unrealizedAfterExitFee(
  cycle: PositionCycle,
  mark: Decimal,
  contract: Contract = LINEAR,
): Decimal {
  return unrealizedPnl(cycle.position, mark, contract).minus(estimatedExitFee(cycle));
}

/** How long a cycle has been or was open, in the unit of its times; null while open or when a time is unknown. */
export function cycleDuration(cycle: PositionCycle): number | null {
  return cycle.closedAt === null || cycle.openedAt === null ? null : cycle.closedAt - cycle.openedAt;
}

/** Realized PnL of a cycle plus its unrealized PnL at a mark. */
export function totalPnlAt(cycle: PositionCycle, mark: Decimal, contract: Contract = LINEAR): Decimal {
  return realizedOf(cycle).plus(unrealizedPnl(cycle.position, mark, contract));
}

/** The effect on cash of everything a cycle did: − what was paid, + what came in, fees taken off. */
export function cashFlowOf(cycle: PositionCycle): Decimal {
  return cycle.exitValue.minus(cycle.entryValue).minus(cycle.feesRecognised).minus(cycle.feesCarried);
}

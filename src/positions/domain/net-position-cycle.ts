import { Decimal } from '../../shared/decimal.js';
import { FLAT, type FillEffect, type NetPosition } from './net-position.js';
import type { FillFee } from './net-position-fees.js';

/**
 * One life of a position, from flat to flat (or to now). Money in the settlement currency. Values are signed like
 * quantity × price, so exits of a long are sums of positive worth and entries of a short of negative.
 */
export interface PositionCycle {
  readonly position: NetPosition;
  /** The position as it last stood open: the average price of a closed cycle is its. */
  readonly lastOpen: NetPosition;
  /** The largest |quantity| that was held. */
  readonly peakQuantity: Decimal;
  readonly entryQuantity: Decimal;
  readonly entryValue: Decimal;
  readonly exitQuantity: Decimal;
  readonly exitValue: Decimal;
  readonly realizedGross: Decimal;
  /** Fees that are in the realized PnL so far. */
  readonly feesRecognised: Decimal;
  /** Opening fees that wait for a close (capitalised convention only). */
  readonly feesCarried: Decimal;
  /** All that opening cost in fees, whatever the convention. */
  readonly openingFees: Decimal;
  /** What was charged, by currency, as charged. */
  readonly feesPaid: ReadonlyMap<string, Decimal>;
  readonly openedAt: number | null;
  readonly closedAt: number | null;
}

/** What a fill adds to a cycle in fees: in the settlement currency, and as charged. */
export interface CycleFees {
  readonly recognised: Decimal;
  readonly carried: Decimal;
  readonly opening: Decimal;
  readonly charged: Decimal;
}

/** A cycle that begins now and holds nothing yet. */
export function newCycle(openedAt: number | null): PositionCycle {
  return {
    position: FLAT,
    lastOpen: FLAT,
    peakQuantity: Decimal.ZERO,
    entryQuantity: Decimal.ZERO,
    entryValue: Decimal.ZERO,
    exitQuantity: Decimal.ZERO,
    exitValue: Decimal.ZERO,
    realizedGross: Decimal.ZERO,
    feesRecognised: Decimal.ZERO,
    feesCarried: Decimal.ZERO,
    openingFees: Decimal.ZERO,
    feesPaid: new Map(),
    openedAt,
    closedAt: null,
  };
}

/** The cycle after the closing part of a fill; it is closed when nothing is left. */
export function reduceCycle(cycle: PositionCycle, effect: FillEffect, at: number | null): PositionCycle {
  const quantity = cycle.position.quantity.minus(effect.closed);
  const costBasis = cycle.position.costBasis.minus(effect.closedValue.minus(effect.realized));
  return {
    ...cycle,
    position: { quantity, costBasis },
    lastOpen: quantity.isZero() ? cycle.position : { quantity, costBasis },
    exitQuantity: cycle.exitQuantity.plus(effect.closed),
    exitValue: cycle.exitValue.plus(effect.closedValue),
    realizedGross: cycle.realizedGross.plus(effect.realized),
    closedAt: quantity.isZero() ? at : null,
  };
}

/** The cycle after the opening part of a fill. */
export function extendCycle(cycle: PositionCycle, effect: FillEffect): PositionCycle {
  const quantity = cycle.position.quantity.plus(effect.opened);
  const position = { quantity, costBasis: cycle.position.costBasis.plus(effect.openedValue) };
  return {
    ...cycle,
    position,
    lastOpen: position,
    peakQuantity: Decimal.max(cycle.peakQuantity, quantity.abs()),
    entryQuantity: cycle.entryQuantity.plus(effect.opened),
    entryValue: cycle.entryValue.plus(effect.openedValue),
  };
}

/** The cycle with fees booked on it. */
export function chargeCycle(cycle: PositionCycle, fee: FillFee | null, fees: CycleFees): PositionCycle {
  return {
    ...cycle,
    feesRecognised: cycle.feesRecognised.plus(fees.recognised),
    feesCarried: cycle.feesCarried.plus(fees.carried),
    openingFees: cycle.openingFees.plus(fees.opening),
    feesPaid: fee === null ? cycle.feesPaid : withCharge(cycle.feesPaid, fee.currency, fees.charged),
  };
}

function withCharge(paid: ReadonlyMap<string, Decimal>, currency: string, amount: Decimal) {
  return new Map(paid).set(currency, (paid.get(currency) ?? Decimal.ZERO).plus(amount));
}

import { Decimal } from '../../shared/decimal.js';
import type { LotEffect, LotMatch } from './lots.js';

/** A closed trade as a trader counts it. Money in the settlement currency. */
export interface RoundTrip {
  readonly side: 'LONG' | 'SHORT';
  /** > 0. */
  readonly quantity: Decimal;
  /** Fill numbers (1 = first): the first entry and the last exit. */
  readonly openedBy: number;
  readonly closedBy: number;
  readonly openedAt: number | null;
  readonly closedAt: number | null;
  /** Worth at entry and at exit, signed like quantity × price. */
  readonly cost: Decimal;
  readonly proceeds: Decimal;
  /** Before fees. */
  readonly pnl: Decimal;
  readonly fees: Decimal;
}

/**
 * What counts as one trade: every entry fill met by an exit (`fill-to-fill`), every closing fill (`flat-to-reduced`,
 * pyfolio's round trip too), or everything from flat to flat.
 */
export type TradeGrouping = 'fill-to-fill' | 'flat-to-reduced' | 'flat-to-flat';

/** Groups what the steps of a lot book closed into round trips, in the order of their closing. */
export function roundTrips(steps: readonly LotEffect[], grouping: TradeGrouping): readonly RoundTrip[] {
  switch (grouping) {
    case 'fill-to-fill':
      return steps.flatMap((step) => step.matches.map((match) => tripOf([match])));
    case 'flat-to-reduced':
      return steps.filter((step) => step.matches.length > 0).map((step) => tripOf(step.matches));
    case 'flat-to-flat':
      return cyclesIn(steps).map(tripOf);
  }
}

/**
 * The same trips with every fill's fee on the first trip that it touches, whole, instead of shared by quantity: an entry
 * met by an exit touches those two fills, any other trip all fills up to its close. `fees` by fill, in the fills' order.
 */
export function withWholeFees(
  trips: readonly RoundTrip[],
  fees: readonly Decimal[],
  grouping: TradeGrouping,
): readonly RoundTrip[] {
  const waiting = new Map(fees.map((fee, index) => [index + 1, fee]));
  return trips.map((trip) => {
    const touched = [...waiting.keys()].filter((fill) =>
      grouping === 'fill-to-fill' ? fill === trip.openedBy || fill === trip.closedBy : fill <= trip.closedBy,
    );
    const total = Decimal.sum([...waiting].filter(([fill]) => touched.includes(fill)).map(([, fee]) => fee));
    touched.forEach((fill) => waiting.delete(fill));
    return { ...trip, fees: total };
  });
}

/** How long a trip took, in the unit of its times; null when a time is unknown. */
export function roundTripDuration(trip: RoundTrip): number | null {
  return trip.openedAt === null || trip.closedAt === null ? null : trip.closedAt - trip.openedAt;
}

/** PnL of a trip after its fees. */
export function roundTripNet(trip: RoundTrip): Decimal {
  return trip.pnl.minus(trip.fees);
}

/** PnL before fees ÷ what was put in, as a fraction; null when nothing was. */
export function roundTripReturn(trip: RoundTrip): Decimal | null {
  return trip.cost.isZero() ? null : trip.pnl.dividedBy(trip.cost.abs());
}

/** A cycle ends with the fill after which no lot is open but the one that fill itself may have opened. */
function cyclesIn(steps: readonly LotEffect[]): LotMatch[][] {
  const cycles: LotMatch[][] = [];
  let running: LotMatch[] = [];
  for (const { lots, matches } of steps) {
    running.push(...matches);
    const closer = matches[0]?.fillNumber;
    if (closer === undefined || lots.some((lot) => lot.fillNumber !== closer)) continue;
    cycles.push(running);
    running = [];
  }
  return cycles;
}

/** A trip of matches in the order in which they were closed. */
function tripOf(matches: readonly LotMatch[]): RoundTrip {
  const first = matches.reduce((best, match) => (match.lot.fillNumber < best.lot.fillNumber ? match : best));
  const last = matches.at(-1)!;
  const total = (pick: (match: LotMatch) => Decimal) => Decimal.sum(matches.map(pick));
  return {
    side: first.quantity.isPositive() ? 'LONG' : 'SHORT',
    quantity: total((match) => match.quantity.abs()),
    openedBy: first.lot.fillNumber,
    closedBy: last.fillNumber,
    openedAt: first.lot.openedAt,
    closedAt: last.closedAt,
    cost: total((match) => match.cost),
    proceeds: total((match) => match.proceeds),
    pnl: total((match) => match.realized),
    fees: total((match) => match.entryFee.plus(match.exitFee)),
  };
}

import { Decimal } from '../../shared/decimal.js';
import { weekOf } from '../../shared/periods.js';
import type { EquityCurve } from './equity-curve.js';
import { compareIndex, drawdown, higher } from './equity-curve.js';

/**
 * What two observers of one account saw, together: the extremes of both, which compare as long as they are of one series, whatever
 * flows either of them took in. Where the account stands now is `curve`'s.
 */
export function absorb(curve: EquityCurve, other: EquityCurve): EquityCurve {
  const merged = { ...absorbDay(curve, other), ...deepestOf(curve, other), ...longestOf(curve, other) };
  if (curve.series !== other.series || !curve.peak || !other.peak) return merged;
  const order = compareIndex(other.peak, curve.peak);
  const peaked = order > 0 ? other : curve;
  const peakAt = order === 0 ? Math.max(curve.peakAt!, other.peakAt!) : peaked.peakAt;
  const together = { ...merged, peak: peaked.peak, peakAt, ...troughOf(curve, other, order) };
  return withRunningFall({ ...together, underwaterSince: sinceOf(together, curve, other) });
}

type Deepest = Pick<EquityCurve, 'maxDrawdown' | 'maxDrawdownPeakAt' | 'maxDrawdownTroughAt'>;

function deepestOf(curve: EquityCurve, other: EquityCurve): Deepest {
  const { maxDrawdown, maxDrawdownPeakAt, maxDrawdownTroughAt } = other.maxDrawdown.greaterThan(
    curve.maxDrawdown,
  )
    ? other
    : curve;
  return { maxDrawdown, maxDrawdownPeakAt, maxDrawdownTroughAt };
}

function longestOf(curve: EquityCurve, other: EquityCurve): Pick<EquityCurve, 'longestRecovery'> {
  const { longestRecovery: a } = curve;
  const { longestRecovery: b } = other;
  return { longestRecovery: a === null || b === null ? (a ?? b) : Math.max(a, b) };
}

/**
 * The lowest since the higher peak was last touched (`order` > 0: it is the other's; < 0: all stays as it is): a trough from before that is
 * none any more, and where the first one stands was seen after it.
 */
function troughOf(
  curve: EquityCurve,
  other: EquityCurve,
  order: number,
): Partial<Pick<EquityCurve, 'trough' | 'troughAt'>> {
  if (order < 0) return {};
  const touchedAt = order > 0 ? other.peakAt! : Math.max(curve.peakAt!, other.peakAt!);
  const own =
    curve.troughAt! >= touchedAt
      ? { trough: curve.trough!, troughAt: curve.troughAt! }
      : { trough: curve.current!, troughAt: Math.max(curve.troughAt!, touchedAt) };
  const counts = other.troughAt! >= touchedAt && compareIndex(other.trough!, own.trough) < 0;
  return counts ? { trough: other.trough, troughAt: other.troughAt } : own;
}

/** Under water counts from the first value that either saw below the last touch of the peak; null at it. */
function sinceOf(together: EquityCurve, curve: EquityCurve, other: EquityCurve): number | null {
  const { current, peak, peakAt, troughAt } = together;
  if (compareIndex(current!, peak!) >= 0) return null;
  const seen = [curve.underwaterSince, other.underwaterSince].filter(
    (since) => since !== null && since >= peakAt!,
  );
  return Math.min(...(seen as number[]), Math.max(peakAt!, troughAt!));
}

/** A fall from the other's peak to the lowest that the first one saw after it was seen by neither alone. */
function withRunningFall(curve: EquityCurve): EquityCurve {
  const fall = drawdown(curve.peak, curve.trough);
  if (!fall.greaterThan(curve.maxDrawdown)) return curve;
  return {
    ...curve,
    maxDrawdown: fall,
    maxDrawdownPeakAt: curve.peakAt,
    maxDrawdownTroughAt: curve.troughAt,
  };
}

/**
 * The later of two days is the day of both; highs are shared as far as the day, and the week, is the same. Into a day that only the other
 * saw begin, the first one carries what it is worth: no money moved in it since.
 */
function absorbDay(curve: EquityCurve, other: EquityCurve): EquityCurve {
  if (curve.series !== other.series || other.day === null) return curve;
  if (curve.day === null) return { ...curve, ...dayOf(other) };
  const sameWeek = weekOf(curve.day) === weekOf(other.day);
  const weekHigh = sameWeek ? higher(curve.weekHigh, other.weekHigh) : curve.weekHigh;
  if (other.day < curve.day) return { ...curve, weekHigh };
  if (other.day === curve.day) return { ...curve, weekHigh, dayHigh: higher(curve.dayHigh, other.dayHigh) };
  return {
    ...curve,
    day: other.day,
    dayHigh: higher(other.dayHigh, curve.current),
    weekHigh: sameWeek ? weekHigh : higher(other.weekHigh, curve.current),
    dayStartEquity: curve.equity,
    dayFlows: Decimal.ZERO,
  };
}

function dayOf({ day, dayHigh, weekHigh, dayStartEquity, dayFlows }: EquityCurve) {
  return { day, dayHigh, weekHigh, dayStartEquity, dayFlows };
}

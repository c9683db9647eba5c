import type { Micros } from '../../ledger/facts.js';
import { DIVISION_PLACES, Decimal } from '../../shared/decimal.js';
import type { Calendar, Day } from '../../shared/periods.js';
import { weekOf } from '../../shared/periods.js';

/** Places that growth over several series is kept with. */
const GROWTH_PLACES = 28;

/** Units that a flow buys or sells are kept with more places than anything shown: what is made of them is right at 18. */
const UNIT_PLACES = 28;

/** A value of the flow-adjusted index, kept as the exact ratio equity ÷ units. */
export interface IndexPoint {
  readonly equity: Decimal;
  /** > 0. */
  readonly units: Decimal;
}

/**
 * The path of an account's equity, condensed to what drawdowns need. Deposits and withdrawals buy or sell units at the current index,
 * everything else moves the index = equity ÷ units, so that money moved is neither gain nor drawdown.
 */
export interface EquityCurve {
  /** Last seen, in the account's currency; may be negative. */
  readonly equity: Decimal;
  /** 0 = no series is running: nothing positive was ever seen, or all was withdrawn. */
  readonly units: Decimal;
  /** Counts the series: a new one starts at 1 when an empty or ruined account is brought back by a deposit. */
  readonly series: number;
  /** The index last seen; null before the first series. Its equity is 0 while equity is not positive. */
  readonly current: IndexPoint | null;
  readonly peak: IndexPoint | null;
  /** When the peak was last touched. */
  readonly peakAt: Micros | null;
  /** The lowest index since the peak, and when it was first seen. */
  readonly trough: IndexPoint | null;
  readonly troughAt: Micros | null;
  /** When the index was first seen below the peak it is still below; null at the peak. */
  readonly underwaterSince: Micros | null;
  /** The longest that a fall lasted until its peak was reached again, microseconds; null while none was. */
  readonly longestRecovery: number | null;
  /** Deepest fall ever, fraction 0…1; never shrinks. */
  readonly maxDrawdown: Decimal;
  /** When the peak of the deepest fall was last touched, and when its lowest was seen; null while nothing ever fell. */
  readonly maxDrawdownPeakAt: Micros | null;
  readonly maxDrawdownTroughAt: Micros | null;
  /** What one unit of money became in the series before this one, all withdrawn at their ends; 1 in the first. Times the index it is the growth. */
  readonly linked: Decimal;
  /** How many series ended in ruin: growth is not linked over one, it starts again at 1. */
  readonly ruins: number;
  readonly day: Day | null;
  readonly dayHigh: IndexPoint | null;
  readonly weekHigh: IndexPoint | null;
  /** Equity carried into the current day; 0 on the first day. */
  readonly dayStartEquity: Decimal;
  /** Deposits − withdrawals that moved this curve today. */
  readonly dayFlows: Decimal;
}

export const EMPTY_CURVE: EquityCurve = {
  equity: Decimal.ZERO,
  units: Decimal.ZERO,
  series: 0,
  current: null,
  peak: null,
  peakAt: null,
  trough: null,
  troughAt: null,
  underwaterSince: null,
  longestRecovery: null,
  maxDrawdown: Decimal.ZERO,
  maxDrawdownPeakAt: null,
  maxDrawdownTroughAt: null,
  linked: Decimal.ONE,
  ruins: 0,
  day: null,
  dayHigh: null,
  weekHigh: null,
  dayStartEquity: Decimal.ZERO,
  dayFlows: Decimal.ZERO,
};

/** Compares two index values exactly: −1, 0 or 1. */
export function compareIndex(a: IndexPoint, b: IndexPoint): -1 | 0 | 1 {
  if (a.units.equals(b.units)) return a.equity.compare(b.equity);
  return a.equity.times(b.units).compare(b.equity.times(a.units));
}

/** An index value in today's money: its equity when the units were `units`. Exact when units did not change. */
export function inUnits(point: IndexPoint, units: Decimal): Decimal {
  return point.units.equals(units) ? point.equity : point.equity.times(units).dividedBy(point.units);
}

/** The index itself, rounded half-even at 18 places; 1 at the start of a series. */
export function indexOf(point: IndexPoint): Decimal {
  return point.equity.dividedBy(point.units);
}

/** Of a fraction that is shown as a percent: the percent is right at 18. */
const FRACTION_PLACES = DIVISION_PLACES + 2;

/** How far `now` lies below `high`: a fraction 0…1, rounded half-even at 20 places; 1 in ruin (whatever was carried over a midnight), 0 when either is not known. */
export function drawdown(high: IndexPoint | null, now: IndexPoint | null): Decimal {
  if (!high || !now) return Decimal.ZERO;
  if (!now.equity.isPositive()) return Decimal.ONE;
  if (compareIndex(now, high) >= 0) return Decimal.ZERO;
  const was = high.equity.times(now.units);
  return was.minus(now.equity.times(high.units)).dividedBy(was, FRACTION_PLACES);
}

/** The curve as the clock alone changes it: at midnight the carried value becomes the new day's high and start. */
export function rollOver(curve: EquityCurve, now: Micros, calendar: Calendar): EquityCurve {
  const day = calendar.dayOf(now);
  if (curve.day !== null && day <= curve.day) return curve;
  const newWeek = curve.day === null || weekOf(day) !== weekOf(curve.day);
  return {
    ...curve,
    day,
    dayHigh: curve.current,
    weekHigh: newWeek ? curve.current : curve.weekHigh,
    dayStartEquity: curve.equity,
    dayFlows: Decimal.ZERO,
  };
}

/** The curve after equity was seen to be `equity`: by a mark, a booking, or unchanged. */
export function observe(curve: EquityCurve, equity: Decimal, now: Micros, calendar: Calendar): EquityCurve {
  const rolled = rollOver(curve, now, calendar);
  if (rolled.units.isZero()) {
    return equity.isPositive() ? startSeries(rolled, equity, now) : { ...rolled, equity };
  }
  const current = { equity: equity.isPositive() ? equity : Decimal.ZERO, units: rolled.units };
  return touch({ ...rolled, equity }, current, now);
}

/**
 * The curve after money moved: `amount` signed, + = deposit. Units are bought or sold at the current index. A deposit that brings a
 * ruined or empty account back starts a new series at 1; withdrawing everything pauses the series where it stands.
 */
export function moveMoney(curve: EquityCurve, amount: Decimal, now: Micros, calendar: Calendar): EquityCurve {
  const rolled = rollOver(curve, now, calendar);
  const equity = rolled.equity.plus(amount);
  const moved = { ...rolled, equity, dayFlows: rolled.dayFlows.plus(amount) };
  const running = rolled.units.isPositive() && rolled.equity.isPositive();
  if (!running) return equity.isPositive() && amount.isPositive() ? startSeries(moved, equity, now) : moved;
  if (equity.isZero()) return { ...moved, units: Decimal.ZERO };
  if (equity.isNegative()) return touch(moved, { equity: Decimal.ZERO, units: rolled.units }, now);
  const units = rolled.units.plus(amount.times(rolled.units).dividedBy(rolled.equity, UNIT_PLACES));
  if (!units.isPositive()) return startSeries(moved, equity, now);
  return carryIndex(moved, { equity, units });
}

/**
 * The curve after something came to light that happened before we watched: equity is another from now on, and the index is not, since
 * nothing was earned or lost now. Where it leaves nothing above zero the series pauses; that is no ruin, since nobody saw a fall.
 */
export function rebase(curve: EquityCurve, equity: Decimal, now: Micros, calendar: Calendar): EquityCurve {
  const rolled = rollOver(curve, now, calendar);
  const difference = equity.minus(rolled.equity);
  if (difference.isZero()) return rolled;
  const moved = { ...rolled, equity, dayFlows: rolled.dayFlows.plus(difference) };
  if (!equity.isPositive()) return { ...moved, units: Decimal.ZERO };
  if (!rolled.units.isPositive() || !rolled.equity.isPositive()) return startSeries(moved, equity, now);
  const units = equity.times(rolled.units).dividedBy(rolled.equity, UNIT_PLACES);
  return units.isPositive() ? carryIndex(moved, { equity, units }) : startSeries(moved, equity, now);
}

function startSeries(curve: EquityCurve, equity: Decimal, now: Micros): EquityCurve {
  const start = { equity, units: equity };
  return {
    ...curve,
    ...linkedAt(curve),
    equity,
    units: equity,
    series: curve.series + 1,
    current: start,
    peak: start,
    peakAt: now,
    trough: start,
    troughAt: now,
    underwaterSince: null,
    dayHigh: start,
    weekHigh: start,
  };
}

/** What a new series goes on from: the growth of the one that was withdrawn, or nothing after a ruin; the first changes neither. */
function linkedAt({ current, linked, ruins }: EquityCurve): Partial<Pick<EquityCurve, 'linked' | 'ruins'>> {
  if (!current) return {};
  if (!current.equity.isPositive()) return { linked: Decimal.ONE, ruins: ruins + 1 };
  return { linked: linked.times(indexOf(current)).rounded(GROWTH_PLACES), ruins };
}

/** What one unit of money became since the last ruin, deposits and withdrawals taken out; 28 places. 1 before the first series. */
export function growthOf({ linked, current }: EquityCurve): Decimal {
  return current ? linked.times(indexOf(current)).rounded(GROWTH_PLACES) : linked;
}

function touch(curve: EquityCurve, current: IndexPoint, now: Micros): EquityCurve {
  const touched = {
    ...curve,
    current,
    dayHigh: higher(curve.dayHigh, current),
    weekHigh: higher(curve.weekHigh, current),
  };
  return compareIndex(current, curve.peak!) >= 0
    ? atPeak(touched, current, now)
    : belowPeak(touched, current, now);
}

function atPeak(curve: EquityCurve, current: IndexPoint, now: Micros): EquityCurve {
  const { underwaterSince: since, longestRecovery: longest } = curve;
  return {
    ...curve,
    peak: current,
    peakAt: now,
    trough: current,
    troughAt: now,
    underwaterSince: null,
    longestRecovery: since === null ? longest : Math.max(longest ?? 0, now - since),
  };
}

function belowPeak(curve: EquityCurve, current: IndexPoint, now: Micros): EquityCurve {
  const fall = drawdown(curve.peak, current);
  const lowest = compareIndex(current, curve.trough!) < 0;
  const fell = { ...curve, underwaterSince: curve.underwaterSince ?? now };
  const lower = lowest ? { ...fell, trough: current, troughAt: now } : fell;
  if (!fall.greaterThan(curve.maxDrawdown)) return lower;
  return { ...lower, maxDrawdown: fall, maxDrawdownPeakAt: curve.peakAt, maxDrawdownTroughAt: now };
}

/** A flow leaves the index where it is: marks that were at it stay exactly at it, so that rounding of units makes no drawdown. */
function carryIndex(curve: EquityCurve, current: IndexPoint): EquityCurve {
  const before = curve.current!;
  const carry = (point: IndexPoint | null) => (point && compareIndex(point, before) === 0 ? current : point);
  return {
    ...curve,
    units: current.units,
    current,
    peak: carry(curve.peak),
    trough: carry(curve.trough),
    dayHigh: carry(curve.dayHigh),
    weekHigh: carry(curve.weekHigh),
  };
}

/** The higher of two index values; the known one when only one is. */
export function higher(a: IndexPoint | null, b: IndexPoint | null): IndexPoint | null {
  if (!a || !b) return a ?? b;
  return compareIndex(a, b) >= 0 ? a : b;
}

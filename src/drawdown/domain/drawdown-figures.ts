import type { Micros } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import type { Calendar } from '../../shared/periods.js';
import { MICROS_PER_DAY, MICROS_PER_SECOND } from '../../shared/periods.js';
import type { EquityCurve } from './equity-curve.js';
import { compareIndex, drawdown, inUnits, rollOver } from './equity-curve.js';

/** How far below its peaks an account is. Percents are percent ≥ 0; money in the account's currency. */
export interface DrawdownFigures {
  readonly dailyDrawdownPct: Decimal;
  readonly weeklyDrawdownPct: Decimal;
  readonly currentDrawdownPct: Decimal;
  readonly maxDrawdownPct: Decimal;
  /** The all-time peak in today's money (peak index × current units); null before equity was ever positive. */
  readonly peakEquity: Decimal | null;
  readonly currentEquity: Decimal;
  /** Whole 24-hour days since the peak was last touched; null before there was one. */
  readonly daysSincePeak: number | null;
  /** Share of the fall since the peak won back: (now − trough) ÷ (peak − trough) × 100; 100 at the peak; null before there was one. */
  readonly recoveryProgressPct: Decimal | null;
  /** When the lowest since the peak was first seen; null before there was a peak. */
  readonly troughAt: Micros | null;
  /** When the index was first seen below the peak it is still below; null at the peak. */
  readonly underwaterSince: Micros | null;
  /** Whole seconds since then; 0 at the peak, null before there was one. */
  readonly underwaterSeconds: number | null;
  /** The longest that a fall lasted until its peak was reached again, whole seconds; null while none was. */
  readonly longestRecoverySeconds: number | null;
  /** When the peak of the deepest fall was last touched, and when its lowest was seen; null while nothing ever fell. */
  readonly maxDrawdownPeakAt: Micros | null;
  readonly maxDrawdownTroughAt: Micros | null;
  /** Equity − equity at the start of the day − net deposits since. */
  readonly equityChangeToday: Decimal;
  /** Equity at the start of the day; 0 for an account that was not there yet. */
  readonly dayStartEquity: Decimal;
  /** Change today ÷ equity at the start of the day × 100; null when that was not positive. */
  readonly dailyReturnPct: Decimal | null;
}

const percent = (fraction: Decimal) => fraction.times(Decimal.HUNDRED);

/** All drawdown figures of a curve at a moment; the day and the week roll over by the clock, without any event. */
export function drawdownFigures(seen: EquityCurve, now: Micros, calendar: Calendar): DrawdownFigures {
  const curve = rollOver(seen, now, calendar);
  const change = curve.equity.minus(curve.dayStartEquity).minus(curve.dayFlows);
  return {
    dailyDrawdownPct: percent(drawdown(curve.dayHigh, curve.current)),
    weeklyDrawdownPct: percent(drawdown(curve.weekHigh, curve.current)),
    // Members with a division that a snapshot does not show wait until somebody asks.
    get currentDrawdownPct() {
      return percent(drawdown(curve.peak, curve.current));
    },
    maxDrawdownPct: percent(curve.maxDrawdown),
    get peakEquity() {
      return curve.peak ? inUnits(curve.peak, curve.units) : null;
    },
    currentEquity: curve.equity,
    daysSincePeak: daysSincePeak(curve, now),
    get recoveryProgressPct() {
      return recoveryProgressPct(curve);
    },
    troughAt: curve.troughAt,
    underwaterSince: curve.underwaterSince,
    underwaterSeconds: curve.peak && secondsSince(curve.underwaterSince ?? now, now),
    longestRecoverySeconds: curve.longestRecovery && Math.floor(curve.longestRecovery / MICROS_PER_SECOND),
    maxDrawdownPeakAt: curve.maxDrawdownPeakAt,
    maxDrawdownTroughAt: curve.maxDrawdownTroughAt,
    equityChangeToday: change,
    dayStartEquity: curve.dayStartEquity,
    get dailyReturnPct() {
      return curve.dayStartEquity.isPositive()
        ? change.times(Decimal.HUNDRED).dividedBy(curve.dayStartEquity)
        : null;
    },
  };
}

function secondsSince(moment: Micros, now: Micros): number {
  return Math.max(0, Math.floor((now - moment) / MICROS_PER_SECOND));
}

function daysSincePeak(curve: EquityCurve, now: Micros): number | null {
  if (curve.peakAt === null) return null;
  // At the peak it is being touched right now.
  if (compareIndex(curve.current!, curve.peak!) >= 0) return 0;
  return Math.max(0, Math.floor((now - curve.peakAt) / MICROS_PER_DAY));
}

/** All of it in one division: units in today's money would round twice, which shows when hardly anything is left of an account. */
function recoveryProgressPct({ peak, trough, current }: EquityCurve): Decimal | null {
  if (!peak) return null;
  const [low, now] = [trough!, current!];
  if (compareIndex(now, peak) >= 0) return Decimal.HUNDRED;
  const won = now.equity.times(low.units).minus(low.equity.times(now.units)).times(peak.units);
  const lost = peak.equity.times(low.units).minus(low.equity.times(peak.units)).times(now.units);
  return won.times(Decimal.HUNDRED).dividedBy(lost);
}

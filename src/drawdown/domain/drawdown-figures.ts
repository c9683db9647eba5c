import type { Micros } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import type { Calendar } from '../../shared/periods.js';
import { MICROS_PER_DAY, MICROS_PER_SECOND } from '../../shared/periods.js';
import type { EquityCurve } from './equity-curve.js';
import { compareIndex, drawdown, inUnits, rollOver } from './equity-curve.js';

const percent = (fraction: Decimal) => fraction.times(Decimal.HUNDRED);

/** All drawdown figures of a curve at a moment; the day and the week roll over by the clock, without any event. */
export function drawdownFigures(seen: EquityCurve, now: Micros, calendar: Calendar): DrawdownFigures {
  return new DrawdownFigures(rollOver(seen, now, calendar), now);
}

/**
 * How far below its peaks an account is. Percents are percent ≥ 0; money in the account's currency. Each figure is worked out when somebody
 * asks: a snapshot shows a few of them, and is made for every change.
 */
export class DrawdownFigures {
  /** `curve`: rolled over to `now`. */
  constructor(
    private readonly curve: EquityCurve,
    private readonly now: Micros,
  ) {}

  get dailyDrawdownPct(): Decimal {
    return percent(drawdown(this.curve.dayHigh, this.curve.current));
  }

  get weeklyDrawdownPct(): Decimal {
    return percent(drawdown(this.curve.weekHigh, this.curve.current));
  }

  get currentDrawdownPct(): Decimal {
    return percent(drawdown(this.curve.peak, this.curve.current));
  }

  get maxDrawdownPct(): Decimal {
    return percent(this.curve.maxDrawdown);
  }

  /** The all-time peak in today's money (peak index × current units); null before equity was ever positive. */
  get peakEquity(): Decimal | null {
    return this.curve.peak ? inUnits(this.curve.peak, this.curve.units) : null;
  }

  get currentEquity(): Decimal {
    return this.curve.equity;
  }

  /** Whole 24-hour days since the peak was last touched; null before there was one. */
  get daysSincePeak(): number | null {
    return daysSincePeak(this.curve, this.now);
  }

  /** Share of the fall since the peak won back: (now − trough) ÷ (peak − trough) × 100; 100 at the peak; null before there was one. */
  get recoveryProgressPct(): Decimal | null {
    return recoveryProgressPct(this.curve);
  }

  /** When the lowest since the peak was first seen; null before there was a peak. */
  get troughAt(): Micros | null {
    return this.curve.troughAt;
  }

  /** When the index was first seen below the peak it is still below; null at the peak. */
  get underwaterSince(): Micros | null {
    return this.curve.underwaterSince;
  }

  /** Whole seconds since then; 0 at the peak, null before there was one. */
  get underwaterSeconds(): number | null {
    return this.curve.peak && secondsSince(this.curve.underwaterSince ?? this.now, this.now);
  }

  /** The longest that a fall lasted until its peak was reached again, whole seconds; null while none was. */
  get longestRecoverySeconds(): number | null {
    const { longestRecovery } = this.curve;
    return longestRecovery && Math.floor(longestRecovery / MICROS_PER_SECOND);
  }

  /** When the peak of the deepest fall was last touched; null while nothing ever fell. */
  get maxDrawdownPeakAt(): Micros | null {
    return this.curve.maxDrawdownPeakAt;
  }

  /** When the lowest of the deepest fall was seen; null while nothing ever fell. */
  get maxDrawdownTroughAt(): Micros | null {
    return this.curve.maxDrawdownTroughAt;
  }

  /** Equity − equity at the start of the day − net deposits since. */
  get equityChangeToday(): Decimal {
    return this.curve.equity.minus(this.curve.dayStartEquity).minus(this.curve.dayFlows);
  }

  /** Equity at the start of the day; 0 for an account that was not there yet. */
  get dayStartEquity(): Decimal {
    return this.curve.dayStartEquity;
  }

  /** Change today ÷ equity at the start of the day × 100; null when that was not positive. */
  get dailyReturnPct(): Decimal | null {
    const { dayStartEquity } = this.curve;
    if (!dayStartEquity.isPositive()) return null;
    return this.equityChangeToday.times(Decimal.HUNDRED).dividedBy(dayStartEquity);
  }
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

import { Decimal } from '../shared/decimal.js';
import type { Calendar } from '../shared/periods.js';
import type { EquityCandle } from './domain/equity-candle.js';
import { extendCandle, mergeCandles, minuteOf } from './domain/equity-candle.js';
import type { EquityCurve } from './domain/equity-curve.js';
import { absorb } from './domain/absorb-curve.js';
import { EMPTY_CURVE, moveMoney, observe, rebase } from './domain/equity-curve.js';

/** A replica that does not lead writes no candles, and one without its database cannot: a day of them is kept. */
const MOST_UNWRITTEN = 1_440;

/** Equities seen in one minute, with these units, since the peak was last touched. */
interface Seen {
  readonly minute: number;
  readonly low: Decimal;
  readonly high: Decimal;
}

/**
 * An account's equity curve and the candles not yet in the database: the running one and any that ended since the last write. An equity
 * between two that were seen under the same peak in the same minute is no extreme of anything, so that of many such only the last is
 * taken into the curve, when somebody asks for it: most ticks cost two comparisons.
 */
export class CurveState {
  private candle: EquityCandle | null = null;
  private seen: Seen | null = null;
  /** The last equity observed, while it is not in the curve yet. */
  private latest: Decimal | null = null;
  private latestAt = 0;

  constructor(
    private readonly calendar: Calendar,
    private settledCurve: EquityCurve = EMPTY_CURVE,
    private candles = new Map<number, EquityCandle>(),
  ) {}

  get curve(): EquityCurve {
    this.settle();
    return this.settledCurve;
  }

  /** Candles by minute that have to be written. */
  get unwritten(): Map<number, EquityCandle> {
    this.settle();
    return this.candles;
  }

  fork(): CurveState {
    const copy = new CurveState(this.calendar, this.curve, new Map(this.candles));
    copy.candle = this.candle;
    return copy;
  }

  /** Notes that the candles are in the database. */
  written(): void {
    this.settle();
    this.candles = new Map();
  }

  /** A copy that holds what is not written yet; this one then holds nothing unwritten but goes on with its candle. */
  takeUnwritten(): CurveState {
    const copy = this.fork();
    this.written();
    return copy;
  }

  /** What the database may not have yet: candles to be written, and the running one. */
  recent(): ReadonlyMap<number, EquityCandle> {
    const { unwritten, candle } = this;
    if (!candle || unwritten.has(candle.minute)) return unwritten;
    return new Map([...unwritten, [candle.minute, candle]]);
  }

  /** Takes in what equity is now. */
  observe(equity: Decimal, now: number): void {
    if (this.seen && minuteOf(now) === this.seen.minute && isWithin(this.seen, equity)) {
      this.latest = equity;
      this.latestAt = now;
      return;
    }
    this.settle();
    this.take(equity, now);
    this.noteSeen(equity, now);
  }

  /** Takes in money that moved in (+) or out (−) of the account. */
  moveMoney(amount: Decimal, now: number): void {
    this.settle();
    this.seen = null;
    this.follow(moveMoney(this.settledCurve, amount, now, this.calendar), now);
  }

  /** Takes in what equity is now that something came to light which happened before we watched. */
  rebase(equity: Decimal, now: number): void {
    this.settle();
    this.seen = null;
    this.follow(rebase(this.settledCurve, equity, now, this.calendar), now);
  }

  /** Takes over the extremes that `other` saw meanwhile: ticks reach only the committed state, not a unit's fork of it. */
  absorb(other: CurveState): void {
    this.seen = null;
    if (other.curve !== this.curve) this.settledCurve = absorb(this.curve, other.curve);
    for (const [minute, candle] of other.unwritten) {
      const newer = this.candles.get(minute);
      this.candles.set(minute, newer ? mergeCandles(newer, candle) : candle);
    }
    const latest = Math.max(this.candle?.minute ?? 0, other.candle?.minute ?? 0);
    this.candle = this.candles.get(latest) ?? (other.candle?.minute === latest ? other.candle : this.candle);
  }

  private settle(): void {
    if (!this.latest) return;
    const { latest } = this;
    this.latest = null;
    this.take(latest, this.latestAt);
  }

  private take(equity: Decimal, now: number): void {
    this.follow(observe(this.settledCurve, equity, now, this.calendar), now);
  }

  /** A touched peak begins anew: what was seen under a lower one says nothing of how deep a fall from this one is. */
  private noteSeen(equity: Decimal, now: number): void {
    const { current, peak } = this.settledCurve;
    const minute = minuteOf(now);
    if (!current?.equity.isPositive() || this.settledCurve.units.isZero()) this.seen = null;
    else if (this.seen?.minute !== minute || current === peak)
      this.seen = { minute, low: equity, high: equity };
    else {
      const { low, high } = this.seen;
      this.seen = { minute, low: Decimal.min(low, equity), high: Decimal.max(high, equity) };
    }
  }

  private follow(curve: EquityCurve, now: number): void {
    this.settledCurve = curve;
    // Before the first series there is no index, and so no candle: its low would be a fall that nobody saw.
    if (curve.current === null) return;
    const minute = minuteOf(now);
    const begun = this.candle?.minute === minute ? this.candle : (this.candles.get(minute) ?? null);
    const candle = extendCandle(begun, curve, now);
    this.candles.set(minute, candle);
    if (this.candles.size > MOST_UNWRITTEN) this.candles.delete(this.candles.keys().next().value!);
    if (!this.candle || minute >= this.candle.minute) this.candle = candle;
  }
}

/** The high itself is not within: it may be the peak, which every equity that reaches it touches. */
function isWithin({ low, high }: Seen, equity: Decimal): boolean {
  return equity.compare(low) >= 0 && equity.compare(high) < 0;
}

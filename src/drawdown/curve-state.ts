import type { Decimal } from '../shared/decimal.js';
import type { Calendar } from '../shared/periods.js';
import type { EquityCandle } from './domain/equity-candle.js';
import { extendCandle, mergeCandles, minuteOf } from './domain/equity-candle.js';
import type { EquityCurve } from './domain/equity-curve.js';
import { absorb } from './domain/absorb-curve.js';
import { EMPTY_CURVE, moveMoney, observe, rebase } from './domain/equity-curve.js';

/** A replica that does not lead writes no candles, and one without its database cannot: a day of them is kept. */
const MOST_UNWRITTEN = 1_440;

/** An account's equity curve and the candles not yet in the database: the running one and any that ended since the last write. */
export class CurveState {
  /** Candles by minute that have to be written. */
  unwritten = new Map<number, EquityCandle>();
  private candle: EquityCandle | null = null;

  constructor(
    private readonly calendar: Calendar,
    public curve: EquityCurve = EMPTY_CURVE,
  ) {}

  fork(): CurveState {
    const copy = new CurveState(this.calendar, this.curve);
    copy.candle = this.candle;
    copy.unwritten = new Map(this.unwritten);
    return copy;
  }

  /** A copy that holds what is not written yet; this one then holds nothing unwritten but goes on with its candle. */
  takeUnwritten(): CurveState {
    const copy = this.fork();
    this.unwritten = new Map();
    return copy;
  }

  /** What the database may not have yet: candles to be written, and the running one. */
  recent(): ReadonlyMap<number, EquityCandle> {
    const running = this.candle;
    if (!running || this.unwritten.has(running.minute)) return this.unwritten;
    return new Map([...this.unwritten, [running.minute, running]]);
  }

  /** Takes in what equity is now. */
  observe(equity: Decimal, now: number): void {
    this.follow(observe(this.curve, equity, now, this.calendar), now);
  }

  /** Takes in money that moved in (+) or out (−) of the account. */
  moveMoney(amount: Decimal, now: number): void {
    this.follow(moveMoney(this.curve, amount, now, this.calendar), now);
  }

  /** Takes in what equity is now that something came to light which happened before we watched. */
  rebase(equity: Decimal, now: number): void {
    this.follow(rebase(this.curve, equity, now, this.calendar), now);
  }

  /** Takes over the extremes that `other` saw meanwhile: ticks reach only the committed state, not a unit's fork of it. */
  absorb(other: CurveState): void {
    if (other.curve !== this.curve) this.curve = absorb(this.curve, other.curve);
    for (const [minute, candle] of other.unwritten) {
      const newer = this.unwritten.get(minute);
      this.unwritten.set(minute, newer ? mergeCandles(newer, candle) : candle);
    }
    const latest = Math.max(this.candle?.minute ?? 0, other.candle?.minute ?? 0);
    this.candle =
      this.unwritten.get(latest) ?? (other.candle?.minute === latest ? other.candle : this.candle);
  }

  private follow(curve: EquityCurve, now: number): void {
    this.curve = curve;
    // Before the first series there is no index, and so no candle: its low would be a fall that nobody saw.
    if (curve.current === null) return;
    const minute = minuteOf(now);
    const begun = this.candle?.minute === minute ? this.candle : (this.unwritten.get(minute) ?? null);
    const candle = extendCandle(begun, curve, now);
    this.unwritten.set(minute, candle);
    if (this.unwritten.size > MOST_UNWRITTEN) this.unwritten.delete(this.unwritten.keys().next().value!);
    if (!this.candle || minute >= this.candle.minute) this.candle = candle;
  }
}

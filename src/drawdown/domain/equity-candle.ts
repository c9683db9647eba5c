import type { Micros } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import { MICROS_PER_SECOND } from '../../shared/periods.js';
import type { EquityCurve } from './equity-curve.js';
import { indexOf } from './equity-curve.js';

const MICROS_PER_MINUTE = 60 * MICROS_PER_SECOND;

/** One minute of an account's equity and of its flow-adjusted index. */
export interface EquityCandle {
  /** Start of the minute. */
  readonly minute: Micros;
  readonly equityOpen: Decimal;
  readonly equityHigh: Decimal;
  readonly equityLow: Decimal;
  readonly equityClose: Decimal;
  readonly indexOpen: Decimal;
  readonly indexHigh: Decimal;
  readonly indexLow: Decimal;
  readonly indexClose: Decimal;
}

/** The start of the minute that a moment lies in. */
export function minuteOf(now: Micros): Micros {
  return Math.floor(now / MICROS_PER_MINUTE) * MICROS_PER_MINUTE;
}

/** The candle that a moment belongs to, with what the curve shows now taken in. */
export function extendCandle(candle: EquityCandle | null, curve: EquityCurve, now: Micros): EquityCandle {
  const minute = minuteOf(now);
  const index = curve.current ? indexOf(curve.current) : Decimal.ZERO;
  const { equity } = curve;
  if (!candle || candle.minute !== minute) {
    return {
      minute,
      equityOpen: equity,
      equityHigh: equity,
      equityLow: equity,
      equityClose: equity,
      indexOpen: index,
      indexHigh: index,
      indexLow: index,
      indexClose: index,
    };
  }
  return {
    ...candle,
    equityHigh: Decimal.max(candle.equityHigh, equity),
    equityLow: Decimal.min(candle.equityLow, equity),
    equityClose: equity,
    indexHigh: Decimal.max(candle.indexHigh, index),
    indexLow: Decimal.min(candle.indexLow, index),
    indexClose: index,
  };
}

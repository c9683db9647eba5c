import type { Micros } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import { MICROS_PER_SECOND } from '../../shared/periods.js';
import type { EquityCurve } from './equity-curve.js';
import { drawdown, growthOf, indexOf } from './equity-curve.js';

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
  /** The index over all series since the last ruin; see `growthOf`. */
  readonly growthClose: Decimal;
  /** The deepest and the shallowest fall from the peak seen in the minute, fractions 0…1: highs and lows alone do not tell which came first. */
  readonly drawdownHigh: Decimal;
  readonly drawdownLow: Decimal;
  /** Of the curve when the minute ended: which series it was in, and how many ended in ruin. */
  readonly series: number;
  readonly ruins: number;
}

/** The start of the minute that a moment lies in. */
export function minuteOf(now: Micros): Micros {
  return Math.floor(now / MICROS_PER_MINUTE) * MICROS_PER_MINUTE;
}

/** The candle that a moment belongs to, with what the curve shows now taken in. */
export function extendCandle(candle: EquityCandle | null, curve: EquityCurve, now: Micros): EquityCandle {
  const seen = candleOf(curve, minuteOf(now));
  return candle?.minute === seen.minute ? mergeCandles(seen, candle) : seen;
}

/** One minute as two saw it, or as it was seen first and later: the first open, the extremes of both, the last close. */
export function mergeCandles(newer: EquityCandle, older: EquityCandle): EquityCandle {
  return {
    ...newer,
    equityOpen: older.equityOpen,
    equityHigh: Decimal.max(older.equityHigh, newer.equityHigh),
    equityLow: Decimal.min(older.equityLow, newer.equityLow),
    indexOpen: older.indexOpen,
    indexHigh: Decimal.max(older.indexHigh, newer.indexHigh),
    indexLow: Decimal.min(older.indexLow, newer.indexLow),
    drawdownHigh: Decimal.max(older.drawdownHigh, newer.drawdownHigh),
    drawdownLow: Decimal.min(older.drawdownLow, newer.drawdownLow),
  };
}

function candleOf(curve: EquityCurve, minute: Micros): EquityCandle {
  const index = curve.current ? indexOf(curve.current) : Decimal.ZERO;
  const fall = drawdown(curve.peak, curve.current);
  const { equity, series, ruins } = curve;
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
    growthClose: growthOf(curve),
    drawdownHigh: fall,
    drawdownLow: fall,
    series,
    ruins,
  };
}

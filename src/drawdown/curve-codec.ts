import { Decimal } from '../shared/decimal.js';
import type { EquityCurve, IndexPoint } from './domain/equity-curve.js';

/** The curve as JSON text with exact decimals. */
export function encodeCurve(curve: EquityCurve): string {
  return JSON.stringify(curve);
}

type Stored = Record<string, unknown>;

/** The curve that `encodeCurve` wrote. */
export function decodeCurve(text: string): EquityCurve {
  const stored = JSON.parse(text) as Stored;
  const money = (name: string) => Decimal.stored(stored[name] as string);
  const count = (name: string) => stored[name] as number | null;
  const point = (name: string): IndexPoint | null => {
    const value = stored[name] as Record<keyof IndexPoint, string> | null;
    return value && { equity: Decimal.stored(value.equity), units: Decimal.stored(value.units) };
  };
  return {
    equity: money('equity'),
    units: money('units'),
    series: stored['series'] as number,
    current: point('current'),
    peak: point('peak'),
    peakAt: count('peakAt'),
    trough: point('trough'),
    troughAt: count('troughAt'),
    underwaterSince: count('underwaterSince'),
    longestRecovery: count('longestRecovery'),
    maxDrawdown: money('maxDrawdown'),
    maxDrawdownPeakAt: count('maxDrawdownPeakAt'),
    maxDrawdownTroughAt: count('maxDrawdownTroughAt'),
    linked: money('linked'),
    ruins: stored['ruins'] as number,
    day: stored['day'] as string | null,
    dayHigh: point('dayHigh'),
    weekHigh: point('weekHigh'),
    dayStartEquity: money('dayStartEquity'),
    dayFlows: money('dayFlows'),
  };
}

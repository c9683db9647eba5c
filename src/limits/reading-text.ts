import { Decimal } from '../shared/decimal.js';
import type { EmergencyStopStatus, PolicyReading } from './domain/policy-reading.js';

type StoredStop = Omit<EmergencyStopStatus, 'metrics'> & {
  readonly metrics: readonly (readonly [string, string])[];
};
type StoredReading = Omit<PolicyReading, 'emergencyStop'> & { readonly emergencyStop: StoredStop | null };

/** A reading as the text in which it is kept; decimals keep their digits. */
export function textOfReading(reading: PolicyReading): string {
  const { emergencyStop: stop } = reading;
  const metrics = [...(stop?.metrics ?? [])].map(([name, value]) => [name, value.toString()] as const);
  return JSON.stringify({ ...reading, emergencyStop: stop && { ...stop, metrics } } satisfies StoredReading);
}

/** The reading of a text that `textOfReading` wrote. */
export function readingOfText(text: string): PolicyReading {
  const stored = JSON.parse(text) as StoredReading;
  const { emergencyStop: stop } = stored;
  const metrics = new Map(stop?.metrics.map(([name, value]) => [name, Decimal.stored(value)]));
  return { ...stored, emergencyStop: stop && { ...stop, metrics } };
}

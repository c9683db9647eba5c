import type { Micros } from '../../ledger/facts.js';
import type { Decimal } from '../../shared/decimal.js';
import type { LimitSource, Saying } from './told-limit.js';

/** A source outside of this service. */
export type PolicySource = Exclude<LimitSource, 'settings'>;

/** What the emergency stop says of itself. Percents are percent, a loss is ≥ 0. */
export interface EmergencyStopStatus {
  readonly state: string;
  /** null = it did not say. */
  readonly canExecute: boolean | null;
  readonly tripTime: string | null;
  readonly tripReason: string | null;
  readonly metrics: ReadonlyMap<string, Decimal>;
  readonly readAt: Micros;
}

/** What a policy says besides limits; null = it did not say. */
export interface PolicyNotes {
  readonly version: string | null;
  readonly activeMode: string | null;
  readonly emergencyMode: boolean | null;
  readonly allowNewTrades: boolean | null;
}

export const NO_NOTES: PolicyNotes = {
  version: null,
  activeMode: null,
  emergencyMode: null,
  allowNewTrades: null,
};

/** All that is known of one source. */
export interface PolicyReading {
  readonly source: PolicySource;
  /** When it was last asked. */
  readonly askedAt: Micros;
  /** When it last answered as it should; null = never. */
  readonly readAt: Micros | null;
  /** Why the last asking failed, in whole or in part; null = it did not. */
  readonly problem: string | null;
  readonly sayings: readonly Saying[];
  readonly notes: PolicyNotes;
  readonly emergencyStop: EmergencyStopStatus | null;
}

/**
 * What is known after a source was asked again. What could not be asked this time (`raw` null) keeps what was told before, with the time
 * at which it was told, until it is too old; what is told no more is gone. When nothing at all was answered everything is kept.
 */
export function mergeReading(before: PolicyReading | null, asked: PolicyReading): PolicyReading {
  if (!before) return asked;
  const known = new Map(before.sayings.map((saying) => [placeOf(saying), saying]));
  const fresh = asked.sayings.map((saying) =>
    saying.raw === null ? (known.get(placeOf(saying)) ?? saying) : saying,
  );
  const emergencyStop = asked.emergencyStop ?? before.emergencyStop;
  if (asked.readAt !== null) return { ...asked, sayings: fresh, emergencyStop };
  const places = new Set(fresh.map(placeOf));
  const kept = before.sayings.filter((saying) => !places.has(placeOf(saying)));
  return {
    ...asked,
    readAt: before.readAt,
    notes: before.notes,
    sayings: [...fresh, ...kept],
    emergencyStop,
  };
}

const placeOf = ({ limit, key, symbol }: Saying) => `${limit} ${symbol ?? ''} ${key}`;

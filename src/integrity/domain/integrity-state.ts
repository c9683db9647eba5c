import { MICROS_PER_SECOND } from '../../shared/periods.js';

/** `verifying`: the first look is under way; `unknown`: nobody looks, or there is nothing to look at. */
export type IntegrityState = 'verified' | 'verifying' | 'differs' | 'unknown';

/** Why the state is not known; null when it is. */
export type UnknownReason = 'no_facts' | 'not_running' | null;

/** What is known of the check of an account. Moments in microseconds, null = never. */
export interface Watched {
  /** The account's version; 0 = no fact was ever accepted. */
  readonly version: number;
  readonly differences: number;
  readonly verifiedAt: number | null;
  /** When any replica was last at work on it. */
  readonly seenAt: number | null;
  readonly intervalSec: number;
}

const LEAST_SILENCE_SEC = 60;

/** Whether some replica was at work on it lately. */
export function isBeingWatched(seenAt: number | null, intervalSec: number, now: number): boolean {
  const silence = Math.max(LEAST_SILENCE_SEC, 3 * intervalSec) * MICROS_PER_SECOND;
  return seenAt !== null && now - seenAt <= silence;
}

/** A difference stays one until it was looked at again; without one, what is old says nothing when nobody looks any more. */
export function integrityState(
  watched: Watched,
  now: number,
): { readonly state: IntegrityState; readonly reason: UnknownReason } {
  const { version, differences, verifiedAt, seenAt, intervalSec } = watched;
  if (differences > 0) return { state: 'differs', reason: null };
  if (version === 0) return { state: 'unknown', reason: 'no_facts' };
  if (!isBeingWatched(seenAt, intervalSec, now)) return { state: 'unknown', reason: 'not_running' };
  return { state: verifiedAt === null ? 'verifying' : 'verified', reason: null };
}

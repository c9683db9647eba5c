import type { Micros } from '../../ledger/facts.js';
import { MICROS_PER_SECOND } from '../../shared/periods.js';
import type { UnmatchedClose } from './changes.js';

/** A close may wait this long for its open before it is a discrepancy: messages of two streams overtake each other, but not for long. */
const PATIENCE = 300 * MICROS_PER_SECOND;

/** A parked close that came in at or before this moment is a discrepancy at `now`. */
export function overdueBefore(now: Micros): Micros {
  return now - PATIENCE;
}

/** Whether a close that waits for its open is a discrepancy by now; one that was booked by itself is none. */
export function isOverdue({ booked, receivedAt }: UnmatchedClose, now: Micros): boolean {
  return !booked && receivedAt <= overdueBefore(now);
}

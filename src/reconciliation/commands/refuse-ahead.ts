import type { Micros } from '../../ledger/facts.js';
import { Refusal } from '../../ledger/facts.js';
import type { Unit } from '../../ledger/unit.js';
import { MICROS_PER_SECOND } from '../../shared/periods.js';

/** As for facts: later than this by its producer's clock cannot be true yet. */
const MAX_AHEAD = 300 * MICROS_PER_SECOND;

/** Throws Refusal `dated_ahead` for a report from the future, before anything of it is kept: all that came after it would look old. */
export function refuseAhead({ now }: Pick<Unit, 'now'>, at: Micros): void {
  if (at > now + MAX_AHEAD)
    throw new Refusal('dated_ahead', 'timestamp: lies more than 5 minutes ahead of our clock');
}

import type { Calendar, Day } from '../../../shared/periods.js';
import { MICROS_PER_SECOND } from '../../../shared/periods.js';

/** Offsets change on quarter hours, and no zone is further from UTC than this. */
const QUARTER = 900 * MICROS_PER_SECOND;
const FURTHEST = 64;

/** The first moment of a local day, in microseconds. Where a zone skipped the day, the first moment after it. */
export function startOfDay(day: Day, calendar: Calendar): number {
  const midnight = Date.parse(`${day}T00:00:00Z`) * 1000;
  let [before, from] = [-FURTHEST, FURTHEST];
  while (from - before > 1) {
    const middle = Math.floor((before + from) / 2);
    if (calendar.dayOf(midnight + middle * QUARTER) >= day) from = middle;
    else before = middle;
  }
  return midnight + from * QUARTER;
}

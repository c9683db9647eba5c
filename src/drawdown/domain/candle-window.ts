import type { Micros } from '../../ledger/facts.js';
import type { Span } from '../../shared/calendar-periods.js';
import { daySpan } from '../../shared/calendar-periods.js';
import type { Calendar } from '../../shared/periods.js';
import { MICROS_PER_SECOND } from '../../shared/periods.js';

/** Windows of a fixed length lie on UTC; a day is that of a zone, so it may have 23 or 25 hours. */
const LENGTHS = {
  '1m': 60 * MICROS_PER_SECOND,
  '5m': 300 * MICROS_PER_SECOND,
  '1h': 3_600 * MICROS_PER_SECOND,
} as const;

export type Resolution = keyof typeof LENGTHS | '1d';

export const RESOLUTIONS = ['1m', '5m', '1h', '1d'] as const satisfies readonly Resolution[];

/** The window that a moment lies in. */
export function windowAt(calendar: Calendar, resolution: Resolution, at: Micros): Span {
  if (resolution === '1d') return daySpan(calendar, calendar.dayOf(at));
  const length = LENGTHS[resolution];
  const from = Math.floor(at / length) * length;
  return { from, to: from + length };
}

import type { Calendar, Day } from './periods.js';
import { MICROS_PER_DAY, MICROS_PER_SECOND, monthOf, shiftDay, weekOf } from './periods.js';

export type PeriodKind = 'day' | 'week' | 'month' | 'year';

/** A stretch of time: `from` belongs to it, `to` does not. Microseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const QUARTER = 900 * MICROS_PER_SECOND;
/** No zone is further from UTC than 14 hours east and 12 west. */
const [QUARTERS_EAST, QUARTERS_WEST] = [14 * 4, 12 * 4];

/** The first moment of a local day. Of a day that a zone left out, the moment at which it went on to the next. */
export function startOfDay(calendar: Calendar, day: Day): number {
  const midnight = Date.parse(`${day}T00:00:00Z`) * 1000;
  let [before, reached] = [-QUARTERS_EAST - 1, QUARTERS_WEST + MICROS_PER_DAY / QUARTER];
  // Offsets change on quarter hours, and days only go on: halving finds the first quarter of an hour that is not before the day.
  while (reached - before > 1) {
    const middle = Math.floor((before + reached) / 2);
    if (calendar.dayOf(midnight + middle * QUARTER) < day) before = middle;
    else reached = middle;
  }
  return midnight + reached * QUARTER;
}

/** The whole of a local day. */
export function daySpan(calendar: Calendar, day: Day): Span {
  return { from: startOfDay(calendar, day), to: startOfDay(calendar, shiftDay(day, 1)) };
}

/** The first day of the period that a day lies in. */
export function firstDayOf(kind: PeriodKind, day: Day): Day {
  switch (kind) {
    case 'day':
      return day;
    case 'week':
      return weekOf(day);
    case 'month':
      return monthOf(day);
    case 'year':
      return `${day.slice(0, 5)}01-01`;
  }
}

/** The last `most` calendar periods that have a part in a span, the newest first. */
export function periodsIn(calendar: Calendar, kind: PeriodKind, span: Span, most: number): Span[] {
  const periods: Span[] = [];
  let last = calendar.dayOf(span.to - 1);
  let to = startOfDay(calendar, firstDayOf(kind, shiftDay(lastDayOf(kind, last), 1)));
  while (to > span.from && periods.length < most) {
    const first = firstDayOf(kind, last);
    const from = startOfDay(calendar, first);
    periods.push({ from, to });
    last = shiftDay(first, -1);
    to = from;
  }
  return periods;
}

function lastDayOf(kind: PeriodKind, day: Day): Day {
  const first = firstDayOf(kind, day);
  // The longest period of a kind, in days, always reaches into the next one or to its end.
  const reach = { day: 1, week: 7, month: 31, year: 366 }[kind];
  return shiftDay(firstDayOf(kind, shiftDay(first, reach)), -1);
}

/** Microseconds in a millisecond. */
export const MICROS_PER_MS = 1000;
export const MICROS_PER_SECOND = 1_000_000;
export const MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;

/** A calendar day as `YYYY-MM-DD`; compares in time order as text. */
export type Day = string;

/** The calendar of one time zone: which local day, ISO week and month a moment belongs to. */
export interface Calendar {
  /** The local day of a moment. */
  dayOf(micros: number): Day;
}

const HOUR_MS = 3_600_000;

/**
 * The calendar of an IANA zone. The local day is asked of the zone database once per quarter of an hour of time and
 * remembered (offsets change on quarter hours in every zone since 1972), because Intl costs microseconds a call.
 * Throws RangeError for an unknown zone.
 */
export function calendarOf(timeZone: string): Calendar {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const remembered = new Map<number, Day>();
  return {
    dayOf(micros) {
      const quarter = Math.floor(micros / (MICROS_PER_MS * (HOUR_MS / 4)));
      let day = remembered.get(quarter);
      if (day === undefined) {
        if (remembered.size > 10_000) remembered.clear();
        day = format.format(quarter * (HOUR_MS / 4));
        remembered.set(quarter, day);
      }
      return day;
    },
  };
}

/** The day asked for last: nearly all who ask mean the current one. */
let asked = { day: '', monday: '' };

/** The Monday of the ISO week a day lies in. */
export function weekOf(day: Day): Day {
  if (day !== asked.day) asked = { day, monday: mondayBefore(day) };
  return asked.monday;
}

function mondayBefore(day: Day): Day {
  const date = new Date(`${day}T00:00:00Z`);
  const sinceMonday = (date.getUTCDay() + 6) % 7;
  return shiftDay(day, -sinceMonday);
}

/** The first day of the month a day lies in. */
export function monthOf(day: Day): Day {
  return `${day.slice(0, 8)}01`;
}

/** The day `days` later (earlier when negative). */
export function shiftDay(day: Day, days: number): Day {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** The first day of the current week or month, whichever is earlier: sums of both need days from there on. */
export function earliestOpenDay(today: Day): Day {
  const week = weekOf(today);
  const month = monthOf(today);
  return week < month ? week : month;
}

/** The day written last: moments that are written one after another mostly lie in the same one. */
let written = { day: Number.NaN, text: '' };
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));

/** A moment as ISO text in UTC with six decimals, as Postgres and the wire take it. */
export function isoOf(micros: number): string {
  const day = Math.floor(micros / MICROS_PER_DAY);
  if (day !== written.day) written = { day, text: new Date(day * 86_400_000).toISOString().slice(0, -13) };
  const inDay = micros - day * MICROS_PER_DAY;
  const seconds = Math.floor(inDay / MICROS_PER_SECOND);
  const minutes = Math.floor(seconds / 60);
  const clock = `${TWO_DIGITS[Math.floor(minutes / 60)]}:${TWO_DIGITS[minutes % 60]}:${TWO_DIGITS[seconds % 60]}`;
  return `${written.text}${clock}.${String(MICROS_PER_SECOND + inDay - seconds * MICROS_PER_SECOND).slice(1)}+00:00`;
}

/** Microseconds of an ISO text with a zone and up to six decimals. Throws RangeError when it is not one. */
export function microsOf(iso: string): number {
  const match = /^([^.]*)(?:\.(\d{1,6}))?(Z|[+-]\d\d:?\d\d)$/.exec(
    iso.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'),
  );
  const seconds = match ? Date.parse(`${match[1]}${match[3]}`) : Number.NaN;
  if (!match || Number.isNaN(seconds)) throw new RangeError(`not a moment: ${iso}`);
  return seconds * MICROS_PER_MS + Number((match[2] ?? '').padEnd(6, '0'));
}

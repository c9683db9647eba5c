import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsOptional, ValidateBy } from 'class-validator';
import { daySpan } from '../shared/calendar-periods.js';
import type { Calendar } from '../shared/periods.js';
import { microsOf } from '../shared/periods.js';

const DAY = /^(?:19[7-9]\d|2\d{3})-\d\d-\d\d$/;
const MOMENT = /^(?:19[7-9]\d|2\d{3})-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)$/;

/** Whether a text is a day of the calendar, or a moment with its zone, from 1970 on. */
export function isDayOrMoment(text: unknown): boolean {
  if (typeof text !== 'string' || !(DAY.test(text) || MOMENT.test(text))) return false;
  const [day, at] = [text.slice(0, 10), Date.parse(text)];
  // JavaScript takes 31 February for 3 March.
  const isDay = !Number.isNaN(Date.parse(day)) && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
  return isDay && !Number.isNaN(at);
}

/** In a query the plus of an offset arrives as the space that it stands for. */
const withPlus = ({ value }: { value: unknown }) =>
  typeof value === 'string' ? value.replace(/ (?=\d\d:\d\d$)/, '+') : value;

/** A parameter that is a day or a moment. */
export function DayOrMoment(description: string): PropertyDecorator {
  const rule = ValidateBy({
    name: 'isDayOrMoment',
    validator: {
      validate: isDayOrMoment,
      defaultMessage: (its) => `${its?.property} must be a day such as 2026-01-31, or a moment with its zone`,
    },
  });
  const documented = ApiPropertyOptional({ type: 'string', example: '2026-01-31', description });
  return (target, property) => {
    for (const decorate of [documented, IsOptional(), Transform(withPlus), rule]) decorate(target, property);
  };
}

/** The moment that `from` means, in microseconds: a day begins with its first. null when not asked. */
export function sinceOf(calendar: Calendar, text: string | undefined): number | null {
  if (text === undefined) return null;
  return DAY.test(text) ? daySpan(calendar, text).from : microsOf(text);
}

/** The moment that `to` means, which itself is not included: a day is, whole. null when not asked. */
export function untilOf(calendar: Calendar, text: string | undefined): number | null {
  if (text === undefined) return null;
  return DAY.test(text) ? daySpan(calendar, text).to : microsOf(text);
}

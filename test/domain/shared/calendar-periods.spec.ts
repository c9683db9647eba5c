import fc from 'fast-check';
import type { PeriodKind } from '../../../src/shared/calendar-periods.js';
import { daySpan, firstDayOf, periodsIn, startOfDay } from '../../../src/shared/calendar-periods.js';
import { calendarOf, isoOf, microsOf, shiftDay } from '../../../src/shared/periods.js';

const UTC = calendarOf('UTC');
const shown = (micros: number) => isoOf(micros).slice(0, 16);

describe('the first moment of a local day', () => {
  it.each([
    ['UTC', '2026-01-06', '2026-01-06T00:00'],
    ['Asia/Kolkata', '2026-01-06', '2026-01-05T18:30'],
    ['Pacific/Kiritimati', '2026-01-06', '2026-01-05T10:00'],
    ['Etc/GMT+12', '2026-01-06', '2026-01-06T12:00'],
    ['Pacific/Chatham', '2026-01-06', '2026-01-05T10:15'],
    // Clocks go forward at 02:00, and back at 02:00: midnight is before both.
    ['America/New_York', '2026-03-08', '2026-03-08T05:00'],
    ['America/New_York', '2026-03-09', '2026-03-09T04:00'],
    // Clocks go forward at midnight itself: the day begins at 01:00.
    ['America/Santiago', '2025-09-07', '2025-09-07T04:00'],
    // Left out: the 29th went on to the 31st.
    ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00'],
    ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00'],
  ])('in %s of %s is %s', (zone, day, moment) => {
    expect(shown(startOfDay(calendarOf(zone), day))).toBe(moment);
  });

  it('is of the day, and the microsecond before it is not', () => {
    const zones = fc.constantFrom(
      'UTC',
      'America/New_York',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'Africa/Cairo',
    );
    fc.assert(
      fc.property(zones, fc.integer({ min: 0, max: 20_000 }), (zone, days) => {
        const [calendar, day] = [calendarOf(zone), shiftDay('1990-01-01', days)];
        const { from, to } = daySpan(calendar, day);
        expect([calendar.dayOf(from), calendar.dayOf(from - 1) < day]).toEqual([day, true]);
        expect([calendar.dayOf(to - 1), calendar.dayOf(to)]).toEqual([day, shiftDay(day, 1)]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('calendar periods', () => {
  const periods = (kind: PeriodKind, from: string, to: string, most = 10, calendar = UTC) =>
    periodsIn(calendar, kind, { from: microsOf(from), to: microsOf(to) }, most).map((span) =>
      [shown(span.from), shown(span.to)].map((text) => text.replace('T00:00', '')).join(' '),
    );

  it.each([
    ['day', '2026-01-05', '2026-01-05'],
    ['week', '2026-01-01', '2025-12-29'],
    ['month', '2026-02-28', '2026-02-01'],
    ['year', '2024-12-31', '2024-01-01'],
  ] as const)('begin the %s of %s on %s', (kind, day, first) => expect(firstDayOf(kind, day)).toBe(first));

  it('are those that have a part in a span, the newest first', () => {
    expect(periods('day', '2026-01-05T10:00:00Z', '2026-01-07T00:00:00Z')).toEqual([
      '2026-01-06 2026-01-07',
      '2026-01-05 2026-01-06',
    ]);
    expect(periods('week', '2025-12-31T10:00:00Z', '2026-01-05T00:00:00.000001Z')).toEqual([
      '2026-01-05 2026-01-12',
      '2025-12-29 2026-01-05',
    ]);
    expect(periods('month', '2024-01-31T10:00:00Z', '2024-03-01T00:00:00Z')).toEqual([
      '2024-02-01 2024-03-01',
      '2024-01-01 2024-02-01',
    ]);
    expect(periods('year', '2023-12-31T10:00:00Z', '2025-06-01T00:00:00Z')).toEqual([
      '2025-01-01 2026-01-01',
      '2024-01-01 2025-01-01',
      '2023-01-01 2024-01-01',
    ]);
  });

  it('are no more than were asked for', () => {
    expect(periods('day', '2020-01-01T00:00:00Z', '2026-01-07T00:00:00Z', 1)).toEqual([
      '2026-01-06 2026-01-07',
    ]);
  });

  it('lie on the midnights of their zone', () => {
    expect(
      periods('month', '2026-03-10T00:00:00Z', '2026-03-11T00:00:00Z', 5, calendarOf('America/New_York')),
    ).toEqual(['2026-03-01T05:00 2026-04-01T04:00']);
  });
});

import fc from 'fast-check';
import {
  MICROS_PER_DAY,
  MICROS_PER_MS,
  calendarOf,
  earliestOpenDay,
  isoOf,
  microsOf,
  monthOf,
  shiftDay,
  weekOf,
} from '../../../src/shared/periods.js';

const at = (iso: string): number => Date.parse(iso) * MICROS_PER_MS;
const moments = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2090, 0, 1) });

describe('a calendar', () => {
  // The last microsecond before local midnight, and midnight itself.
  test.each([
    ['UTC', '2026-03-01T00:00:00Z', '2026-02-28', '2026-03-01'],
    ['America/New_York', '2026-03-09T04:00:00Z', '2026-03-08', '2026-03-09'], // the day of 23 hours ends at UTC−4
    ['America/New_York', '2026-11-02T05:00:00Z', '2026-11-01', '2026-11-02'], // the day of 25 hours ends at UTC−5
    ['Europe/Oslo', '2026-03-29T22:00:00Z', '2026-03-29', '2026-03-30'],
    ['Asia/Kolkata', '2026-05-09T18:30:00Z', '2026-05-09', '2026-05-10'],
    ['Asia/Kathmandu', '2026-05-09T18:15:00Z', '2026-05-09', '2026-05-10'], // UTC+5:45
    ['Australia/Lord_Howe', '2026-04-04T13:00:00Z', '2026-04-04', '2026-04-05'],
    ['Pacific/Kiritimati', '2026-12-31T10:00:00Z', '2026-12-31', '2027-01-01'],
  ])('of %s changes the day at %s from %s to %s', (zone, midnight, before, after) => {
    const { dayOf } = calendarOf(zone);
    expect([dayOf(at(midnight) - 1), dayOf(at(midnight))]).toEqual([before, after]);
  });

  test('asks the zone database for every moment, remembered or not', () => {
    for (const timeZone of [
      'UTC',
      'America/St_Johns',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
      'America/Sao_Paulo',
    ]) {
      const calendar = calendarOf(timeZone);
      const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
      fc.assert(
        fc.property(moments, (ms) => expect(calendar.dayOf(ms * MICROS_PER_MS)).toBe(format.format(ms))),
      );
    }
  });

  test('of a zone that does not exist is refused', () =>
    expect(() => calendarOf('Mars/Olympus')).toThrow(RangeError));

  test('forgets rather than growing without end', () => {
    const calendar = calendarOf('UTC');
    for (let day = 0; day < 10_100; day += 1) calendar.dayOf(day * MICROS_PER_DAY);
    expect(calendar.dayOf(at('2026-03-01T12:00:00Z'))).toBe('2026-03-01');
  });
});

describe('a day', () => {
  test.each([
    ['2026-01-01', '2025-12-29', '2026-01-01'], // a Thursday: the ISO week began last year
    ['2027-01-01', '2026-12-28', '2027-01-01'], // a Friday of week 53
    ['2026-03-02', '2026-03-02', '2026-03-01'], // a Monday
    ['2026-03-08', '2026-03-02', '2026-03-01'], // a Sunday ends the week
    ['2028-02-29', '2028-02-28', '2028-02-01'],
  ])('%s lies in the week from %s and the month from %s', (day, week, month) => {
    expect([weekOf(day), monthOf(day)]).toEqual([week, month]);
    expect(earliestOpenDay(day)).toBe([week, month].sort()[0]);
  });

  test('moves through months, leap days and years, there and back', () => {
    expect([shiftDay('2026-12-31', 1), shiftDay('2028-03-01', -1), shiftDay('2026-03-29', 1)]).toEqual([
      '2027-01-01',
      '2028-02-29',
      '2026-03-30',
    ]);
    fc.assert(
      fc.property(moments, fc.integer({ min: -4_000, max: 4_000 }), (ms, days) => {
        const day = new Date(ms).toISOString().slice(0, 10);
        expect(shiftDay(shiftDay(day, days), -days)).toBe(day);
        const since = (Date.parse(day) - Date.parse(weekOf(day))) / 86_400_000;
        expect([new Date(weekOf(day)).getUTCDay(), since >= 0 && since < 7]).toEqual([1, true]);
      }),
    );
  });
});

describe('a moment', () => {
  test('is read as it was written, to the microsecond', () => {
    fc.assert(
      fc.property(moments, fc.integer({ min: 0, max: 999 }), (ms, micros) => {
        const moment = ms * MICROS_PER_MS + micros;
        expect(microsOf(isoOf(moment))).toBe(moment);
        expect(isoOf(moment)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/);
      }),
    );
    expect(isoOf(at('1969-12-31T23:59:59Z') - 1)).toBe('1969-12-31T23:59:58.999999+00:00');
  });

  test.each([
    ['2026-03-01T00:00:00Z', '2026-03-01T00:00:00.000000+00:00'],
    ['2026-03-01 00:00:00+00', '2026-03-01T00:00:00.000000+00:00'],
    ['2026-03-01T05:30:00.5+05:30', '2026-03-01T00:00:00.500000+00:00'],
    ['2026-03-01T00:00:00.000001Z', '2026-03-01T00:00:00.000001+00:00'],
  ])('%s is %s', (text, iso) => expect(isoOf(microsOf(text))).toBe(iso));

  test.each(['', 'yesterday', '2026-03-01T00:00:00', '2026-13-01T00:00:00Z'])('is not %j', (text) =>
    expect(() => microsOf(text)).toThrow(RangeError),
  );
});

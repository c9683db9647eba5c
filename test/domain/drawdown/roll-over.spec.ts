import { EMPTY_CURVE, rollOver } from '../../../src/drawdown/domain/equity-curve.js';
import { calendarOf } from '../../../src/shared/periods.js';
import { at, figures, index, path, UTC } from './curve.js';

/** Monday 5 January 2026: 100 up to 120, down to 90. */
const MONDAY = path([
  ['05 09:00', 'flow', 100],
  ['05 10:00', 'is', 120],
  ['05 11:00', 'is', 90],
]);

describe('midnight', () => {
  it('makes what was carried over the new day’s high and start, with no event at all', () => {
    expect(figures(MONDAY, '05 23:59')).toMatchObject({
      dailyDrawdownPct: '25',
      equityChangeToday: '-10',
      dailyReturnPct: null,
    });
    expect(figures(MONDAY, '06 00:00')).toMatchObject({
      dailyDrawdownPct: '0',
      weeklyDrawdownPct: '25',
      currentDrawdownPct: '25',
      equityChangeToday: '0',
      dailyReturnPct: '0',
    });
  });

  it('counts the carried value in the new day’s high when the first thing seen is lower', () => {
    const curve = path([['06 08:00', 'is', 72]], UTC, MONDAY);
    // Day: 90 → 72 = 20 %. Week: 120 → 72 = 40 %. Return: −18 ÷ 90.
    expect(figures(curve, '06 08:00')).toMatchObject({
      dailyDrawdownPct: '20',
      weeklyDrawdownPct: '40',
      dailyReturnPct: '-20',
    });
  });

  it('starts the day’s flows anew', () => {
    const curve = path(
      [
        ['06 08:00', 'flow', 30],
        ['06 09:00', 'is', 129],
        ['06 10:00', 'flow', -9],
      ],
      UTC,
      MONDAY,
    );
    // 120 − 90 − (30 − 9) = 9; ÷ 90.
    expect(figures(curve, '06 10:00')).toMatchObject({ equityChangeToday: '9', dailyReturnPct: '10' });
    expect(figures(curve, '07 00:00')).toMatchObject({ equityChangeToday: '0' });
  });

  it('of several days is one: nothing happened in between', () => {
    const curve = rollOver(MONDAY, at('09 12:00'), UTC);
    expect([curve.day, index(curve.dayHigh), index(curve.weekHigh)]).toEqual(['2026-01-09', '0.9', '1.2']);
    expect(curve).toEqual(rollOver(rollOver(MONDAY, at('07 12:00'), UTC), at('09 12:00'), UTC));
  });

  it('on Sunday ends the ISO week', () => {
    expect(figures(MONDAY, '11 23:59').weeklyDrawdownPct).toBe('25');
    expect(figures(MONDAY, '12 00:00').weeklyDrawdownPct).toBe('0');
    expect(figures(MONDAY, '2027-01-05T00:00:00Z').weeklyDrawdownPct).toBe('0');
  });

  it('at new year does not end the ISO week', () => {
    // 29 December 2025 is a Monday, 1 January 2026 the Thursday of the same ISO week.
    const curve = path([
      ['2025-12-29T10:00:00Z', 'flow', 100],
      ['2025-12-31T10:00:00Z', 'is', 80],
    ]);
    expect(figures(curve, '2026-01-01T10:00:00Z')).toMatchObject({
      dailyDrawdownPct: '0',
      weeklyDrawdownPct: '20',
    });
    expect(figures(curve, '2026-01-05T00:00:00Z').weeklyDrawdownPct).toBe('0');
  });

  it('does not come back when the clock is set back', () => {
    const tuesday = path([['06 08:00', 'is', 99]], UTC, MONDAY);
    expect(rollOver(tuesday, at('05 23:00'), UTC)).toBe(tuesday);
    expect(rollOver(tuesday, at('06 23:00'), UTC)).toBe(tuesday);
  });

  it('before anything was seen carries nothing', () => {
    expect(rollOver(EMPTY_CURVE, at('06 08:00'), UTC)).toEqual({ ...EMPTY_CURVE, day: '2026-01-06' });
  });

  it('of an account in ruin does not end its drawdown', () => {
    const ruined = path([['05 12:00', 'is', -5]], UTC, MONDAY);
    expect(figures(ruined, '06 12:00')).toMatchObject({
      currentDrawdownPct: '100',
      weeklyDrawdownPct: '100',
      dailyReturnPct: null,
    });
  });
});

describe('midnight of a zone', () => {
  it.each([
    // New York: 23 hours on 8 March 2026 (EST ends), 25 on 1 November 2026 (EDT ends).
    ['America/New_York', '2026-03-08T04:59:00Z', '2026-03-08T05:00:00Z'],
    ['America/New_York', '2026-03-09T03:59:00Z', '2026-03-09T04:00:00Z'],
    ['America/New_York', '2026-11-01T03:59:00Z', '2026-11-01T04:00:00Z'],
    ['America/New_York', '2026-11-02T04:59:00Z', '2026-11-02T05:00:00Z'],
    ['Asia/Kolkata', '2026-01-06T18:29:00Z', '2026-01-06T18:30:00Z'],
    ['Australia/Lord_Howe', '2026-04-05T13:29:00Z', '2026-04-05T13:30:00Z'],
    ['Pacific/Chatham', '2026-01-06T10:14:00Z', '2026-01-06T10:15:00Z'],
  ])('%s comes after %s, at %s', (zone, before, midnight) => {
    const calendar = calendarOf(zone);
    const morning = new Date(Date.parse(before) - 6 * 3_600_000).toISOString();
    const curve = path(
      [
        [morning, 'flow', 100],
        [before, 'is', 80],
      ],
      calendar,
    );
    expect(figures(curve, before, calendar).dailyDrawdownPct).toBe('20');
    expect(figures(curve, midnight, calendar).dailyDrawdownPct).toBe('0');
  });
});

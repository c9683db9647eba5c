import { execFileSync } from 'node:child_process';
import { pnlFigures } from '../../../src/pnl/domain/pnl-figures.js';
import { PnlState } from '../../../src/pnl/pnl-state.js';
import { calendarOf, earliestOpenDay, monthOf, shiftDay, weekOf } from '../../../src/shared/periods.js';
import { at, booking, d, text } from './amounts.js';
import { Compiled } from './compiled.js';

describe('the calendar of a zone', () => {
  it.each([
    // New York loses an hour on 8 March 2026 and wins one on 1 November; Kolkata is 5:30 ahead, Chatham 13:45 in summer.
    ['America/New_York', '2026-03-08T04:59:59.999999', '2026-03-07'],
    ['America/New_York', '2026-03-08T05:00', '2026-03-08'],
    ['America/New_York', '2026-03-09T03:59:59.999999', '2026-03-08'],
    ['America/New_York', '2026-03-09T04:00', '2026-03-09'],
    ['America/New_York', '2026-11-01T04:00', '2026-11-01'],
    ['America/New_York', '2026-11-02T04:59:59.999999', '2026-11-01'],
    ['America/New_York', '2026-11-02T05:00', '2026-11-02'],
    ['Asia/Kolkata', '2026-01-06T18:29:59.999999', '2026-01-06'],
    ['Asia/Kolkata', '2026-01-06T18:30', '2026-01-07'],
    ['Pacific/Chatham', '2026-01-06T10:14:59.999999', '2026-01-06'],
    ['Pacific/Chatham', '2026-01-06T10:15', '2026-01-07'],
    ['Australia/Lord_Howe', '2026-07-06T13:29', '2026-07-06'],
    ['Australia/Lord_Howe', '2026-07-06T13:30', '2026-07-07'],
    ['UTC', '1969-12-31T23:59:59.999999', '1969-12-31'],
    ['UTC', '1970-01-01T00:00', '1970-01-01'],
  ])('%s at %s is %s', (zone, moment, day) => {
    expect(calendarOf(zone).dayOf(at(moment))).toBe(day);
  });

  it('puts days into ISO weeks, also around new year', () => {
    const weeks = [
      '2025-12-28',
      '2025-12-29',
      '2026-01-01',
      '2026-01-04',
      '2026-01-05',
      '2027-01-03',
      '2027-01-04',
    ].map(weekOf);
    expect(weeks).toEqual([
      '2025-12-22',
      '2025-12-29',
      '2025-12-29',
      '2025-12-29',
      '2026-01-05',
      '2026-12-28',
      '2027-01-04',
    ]);
  });

  it('knows months, leap days, and how far back the open periods go', () => {
    expect([
      monthOf('2024-02-29'),
      shiftDay('2024-02-28', 1),
      shiftDay('2024-03-01', -1),
      shiftDay('2025-12-31', 1),
    ]).toEqual(['2024-02-01', '2024-02-29', '2024-02-29', '2026-01-01']);
    expect([earliestOpenDay('2026-01-01'), earliestOpenDay('2026-01-20')]).toEqual([
      '2025-12-29',
      '2026-01-01',
    ]);
  });

  it('is refused when nobody knows the zone', () => {
    expect(() => calendarOf('Mars/Olympus')).toThrow(RangeError);
  });

  it('stays right after it forgot more quarters of an hour than it remembers', () => {
    const calendar = calendarOf('Asia/Kolkata');
    const quarter = 15 * 60 * 1_000_000;
    for (let i = 0; i < 10_020; i += 1) calendar.dayOf(at('2026-01-01T00:00') + i * quarter);
    expect(calendar.dayOf(at('2026-01-01T00:00'))).toBe('2026-01-01');
  });
});

describe('a day of 23 or 25 hours', () => {
  it.each([
    ['2026-03-08', '2026-03-08T05:00', '2026-03-09T03:59:59'],
    ['2026-11-01', '2026-11-01T04:00', '2026-11-02T04:59:59'],
  ])('of New York, %s, has all that happened from %s to %s', (day, first, last) => {
    const state = new PnlState(calendarOf('America/New_York'));
    state.addBooking(booking(1, first, 1));
    state.addBooking(booking(2, last, 10));
    const before = new Date(Date.parse(`${first}Z`) - 1).toISOString().slice(0, -1);
    const after = new Date(Date.parse(`${last}Z`) + 1_000).toISOString().slice(0, -1);
    state.addBooking(booking(3, before, 100));
    state.addBooking(booking(4, after, 1_000));
    expect(
      [day, shiftDay(day, -1), shiftDay(day, 1)].map((today) =>
        text(pnlFigures(state, d(0), today).realizedToday),
      ),
    ).toEqual(['11', '100', '1000']);
  });
});

/** Runs in a process of its own: what days PnL falls into, and what the figures and drawdowns of the next midnights are. */
const PROBE = `
  const { calendarOf, weekOf, monthOf, microsOf, isoOf } = require('./src/shared/periods.js');
  const { PnlState } = require('./src/pnl/pnl-state.js');
  const { pnlFigures } = require('./src/pnl/domain/pnl-figures.js');
  const { accountBooking } = require('./src/pnl/domain/cash-flow.js');
  const { EMPTY_CURVE, moveMoney, observe } = require('./src/drawdown/domain/equity-curve.js');
  const { drawdownFigures } = require('./src/drawdown/domain/drawdown-figures.js');
  const { Decimal } = require('./src/shared/decimal.js');
  const { figuresIn } = require('./test/support/figures.js');
  const moments = ['2025-12-28T23:30:00Z', '2025-12-31T18:31:00Z', '2026-01-01T04:30:00Z', '2026-03-08T06:30:00Z', '2026-03-08T07:30:00Z',
    '2026-03-09T03:30:00Z', '2026-03-29T01:30:00Z', '2026-10-25T00:30:00Z', '2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z', '2026-11-02T04:30:00Z'];
  const shown = [new Date(2026, 6, 1).getTimezoneOffset() === Number(process.argv[1])];
  for (const zone of ['UTC', 'America/New_York', 'Asia/Kolkata', 'Europe/London']) {
    const calendar = calendarOf(zone);
    const state = new PnlState(calendar);
    let curve = EMPTY_CURVE;
    moments.forEach((moment, i) => {
      const at = microsOf(moment);
      const day = calendar.dayOf(at);
      state.addBooking(accountBooking(i + 1, 'close', at, Decimal.integer(2 ** i)));
      curve = i === 0 ? moveMoney(curve, Decimal.integer(1000), at, calendar) : observe(curve, Decimal.integer(1000 - 37 * (i % 3)), at, calendar);
      const later = at + 21600e6;
      shown.push([zone, isoOf(at), day, weekOf(day), monthOf(day), figuresIn(pnlFigures(state, Decimal.ZERO, calendar.dayOf(later))),
        figuresIn(drawdownFigures(curve, later, calendar))]);
    });
    shown.push([...state.days]);
  }
  process.stdout.write(JSON.stringify(shown));
`;

describe('the zone of the process', () => {
  it('changes no day, no PnL and no drawdown', () => {
    const compiled = new Compiled(
      'src/pnl/pnl-state.ts',
      'src/pnl/domain/pnl-figures.ts',
      'src/pnl/domain/cash-flow.ts',
      'src/drawdown/domain/drawdown-figures.ts',
      'test/support/figures.ts',
    );
    try {
      const told = [
        ['UTC', 0],
        ['America/New_York', 240],
        ['Asia/Kolkata', -330],
      ].map(([zone, offset]) =>
        execFileSync(process.execPath, ['-e', PROBE, '--', String(offset)], {
          cwd: compiled.folder,
          env: { ...process.env, TZ: String(zone) },
          encoding: 'utf8',
        }),
      );
      // Each process says first that it really was in its zone.
      expect(told.map((output) => output.slice(0, 6))).toEqual(['[true,', '[true,', '[true,']);
      expect([told[1] === told[0], told[2] === told[0]]).toEqual([true, true]);
      expect(told[0]).toContain(
        '["America/New_York","2026-03-09T03:30:00.000000+00:00","2026-03-08","2026-03-02","2026-03-01"',
      );
    } finally {
      compiled.remove();
    }
  });
});

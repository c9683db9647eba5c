import { startOfDay } from '../../../src/portfolio/domain/explain/day-start.js';
import {
  FIGURES,
  FORMS,
  metricOf,
  UnknownMetricError,
} from '../../../src/portfolio/domain/explain/metric.js';
import { calendarOf, isoOf } from '../../../src/shared/periods.js';

describe('a metric', () => {
  test.each(FIGURES)('is known by the name %s', (figure) =>
    expect(metricOf(figure)).toEqual({ kind: 'figure', figure }),
  );

  test.each([
    ['unrealized_pnl:BTCUSDT:LONG', { kind: 'unrealized_pnl', symbol: 'BTCUSDT', side: 'LONG' }],
    ['exposure:BTC/USDT:USDT:SHORT', { kind: 'exposure', symbol: 'BTC/USDT:USDT', side: 'SHORT' }],
    ['exposure_by_symbol:BTC/USDT:USDT', { kind: 'exposure_by_symbol', symbol: 'BTC/USDT:USDT' }],
    ['gross_by_symbol:ETHUSDT', { kind: 'gross_by_symbol', symbol: 'ETHUSDT' }],
    ['exposure_by_sector:L1', { kind: 'exposure_by_sector', sector: 'L1' }],
    ['realized_pnl_day:2026-02-28', { kind: 'realized_pnl_day', day: '2026-02-28' }],
  ])('may be about something: %s', (name, metric) => expect(metricOf(name)).toEqual(metric));

  test.each([
    ['nonsense'],
    ['win_rate'],
    [''],
    ['total_equity:BTCUSDT'],
    ['unrealized_pnl:BTCUSDT'],
    ['unrealized_pnl:LONG'],
    ['exposure:BTCUSDT:FLAT'],
    ['exposure_by_symbol:'],
    ['realized_pnl_day:2026-02-30'],
    ['realized_pnl_day:2026-13-01'],
    ['realized_pnl_day:today'],
    ['realized_pnl_day:0026-01-01'],
    ['constructor:x'],
  ])('is not %s, and the refusal lists those that are', (name) => {
    expect(() => metricOf(name)).toThrow(UnknownMetricError);
    expect(() => metricOf(name)).toThrow(/^.* is not a metric\. Known are /);
    for (const known of [...FIGURES, ...FORMS]) expect(() => metricOf(name)).toThrow(known);
  });

  test('of nothing that is held says so', () => {
    expect(new UnknownMetricError('exposure_by_sector:L1', 'is not held').message).toMatch(
      /^exposure_by_sector:L1 is not held\. Known are /,
    );
  });
});

describe('the start of a day', () => {
  test.each([
    ['UTC', '2026-02-15', '2026-02-15T00:00:00.000000+00:00'],
    ['Asia/Kolkata', '2026-02-15', '2026-02-14T18:30:00.000000+00:00'],
    ['Asia/Kathmandu', '2026-02-15', '2026-02-14T18:15:00.000000+00:00'],
    ['America/New_York', '2026-03-08', '2026-03-08T05:00:00.000000+00:00'],
    ['America/New_York', '2026-03-09', '2026-03-09T04:00:00.000000+00:00'],
    ['America/New_York', '2026-11-02', '2026-11-02T05:00:00.000000+00:00'],
    ['Pacific/Kiritimati', '2026-01-01', '2025-12-31T10:00:00.000000+00:00'],
    ['Etc/GMT+12', '2026-01-01', '2026-01-01T12:00:00.000000+00:00'],
    // Clocks went from 24:00 to 01:00: the day began at one.
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000000+00:00'],
    // The island went to the other side of the date line and had no 30 December.
    ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00.000000+00:00'],
    ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00.000000+00:00'],
  ])('in %s is, for %s, %s', (zone, day, at) => {
    const calendar = calendarOf(zone);
    const start = startOfDay(day, calendar);
    expect(isoOf(start)).toBe(at);
    expect(calendar.dayOf(start) >= day && calendar.dayOf(start - 1) < day).toBe(true);
  });
});

import fc from 'fast-check';
import { parseTime } from '../../../src/transport/wire/times.js';
import { GOOD, ISO, AT, outcome } from './support.js';

describe('a time', () => {
  test.each([
    ['ISO without a zone is UTC', '2026-02-15T02:50:13.389352', AT],
    ['ISO with Z', '2026-02-15T02:50:13.389352Z', AT],
    ['ISO with a lower-case z', '2026-02-15T02:50:13.389352z', AT],
    ['ISO with +00:00', '2026-02-15T02:50:13.389352+00:00', AT],
    ['ISO with another offset', '2026-02-15T08:20:13.389352+05:30', AT],
    ['ISO with a negative offset over midnight', '2026-02-14T21:50:13.389352-0500', AT],
    ['ISO with hours only as offset', '2026-02-15T03:50:13.389352+01', AT],
    ['a date with a space', '2026-02-15 02:50:13.389352', AT],
    ['a date with a space and UTC', '2026-02-15 02:50:13.389352 UTC', AT],
    ['nine digits, cut', '2026-02-15T02:50:13.389352999', AT],
    ['three digits', '2026-02-15T02:50:13.389', 1771123813389000],
    ['one digit', '2026-02-15T02:50:13.3', 1771123813300000],
    ['no digits', '2026-02-15T02:50:13', 1771123813000000],
    ['no seconds', '2026-02-15T02:50', 1771123800000000],
    ['a leap day', '2024-02-29T00:00:00Z', 1709164800000000],
    ['the year 2099, which is judged elsewhere', '2099-01-01T00:00:00Z', 4070908800000000],
    ['epoch seconds', '1771123813', 1771123813000000],
    ['epoch seconds as a float', '1771123813.389352', AT],
    ['a float with a seventh digit, cut', '1770557817.5995228', 1770557817599522],
    ['a float with a double’s noise, cut', '1771123813.3893521000000001', AT],
    ['a float with few digits', '1771123813.3', 1771123813300000],
    ['a float without digits', '1771123813.', 1771123813000000],
    ['a float with an exponent', '1.771123813389352e9', AT],
    ['epoch milliseconds', '1771123813389', 1771123813389000],
    ['epoch milliseconds with a fraction', '1771123813389.352', AT],
    ['epoch microseconds', '1771123813389352', AT],
    ['epoch nanoseconds', '1771123813389352999', AT],
    ['the last second count below the milliseconds', '9007199254', 9007199254000000],
    ['10^11 and more as milliseconds', '100000000000', 100000000000000],
    ['10^14 and more as microseconds', '100000000000000', 100000000000000],
    ['10^17 and more as nanoseconds', '100000000000000000', 100000000000000],
    ['leading zeros', '0001771123813', 1771123813000000],
  ])('is understood: %s', (_what, text, micros) => expect(parseTime(text)).toBe(micros));

  test.each([
    ...['', ' ', 'now', '0', '-1', '-1771123813', '1e400', '1e-7', '1.5e99', 'NaN', '0x10', '1_000'],
    ...['2026-02-30T00:00:00Z', '2025-02-29T00:00:00', '1900-02-29T00:00:00', '2026-13-01T00:00:00'],
    ...['2026-00-10T00:00:00', '2026-01-00T00:00:00', '2026-01-01T24:00:00', '2026-01-01T00:60:00'],
    ...[
      '2026-01-01T00:00:60',
      '2026-01-01',
      '2026-01-01T',
      '1969-12-31T23:59:59Z',
      '2026-01-01T00:00:00+25:00',
    ],
    ...['2026-01-01T00:00:00.', '2026-01-01T00:00:00.1234567890', '2026-01-01X00:00:00', '2026-1-1T00:00:00'],
    ...[
      '9999-01-01T00:00:00Z',
      '99999999999',
      '99999999999999',
      '99999999999999999',
      '99999999999999999999',
      '1'.repeat(100),
      '２０２６-01-01T00:00:00',
    ],
    ...['1970-01-01T00:00:00Z', '1771123813.38.1', '2026-01-01T00:00:00ZZ', '1771123813,389'],
  ])('is refused: %j', (text) => expect(parseTime(text)).toBeNull());

  test('in microseconds survives every one of its spellings', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100_000_000_000_000, max: 4_200_000_000_000_000 }), (micros) => {
        const padded = String(micros).padStart(16, '0');
        const iso = new Date(Math.floor(micros / 1000)).toISOString().replace('Z', padded.slice(-3));
        for (const text of [iso, `${iso}Z`, `${iso}+00:00`, iso.replace('T', ' '), String(micros)]) {
          expect(parseTime(text)).toBe(micros);
        }
        expect(parseTime(`${padded.slice(0, -6)}.${padded.slice(-6)}`)).toBe(micros);
      }),
    );
  });
});

describe('the time of a message', () => {
  const { timestamp: _own, ...untimed } = GOOD['trade.opened'];

  test.each(['timestamp', 'ts', 'ts_utc', 'ts_epoch', 'tsUtc', 'close_ts', 'trip_time'])(
    'is found under %s',
    (name) => expect(outcome('trade.opened', { ...untimed, [name]: ISO })).toMatchObject({ occurredAt: AT }),
  );

  test('of a close is when it closed', () => {
    const close = { ...GOOD['trade.closed'], timestamp: '1', open_ts: '2', close_ts: ISO };
    expect(outcome('trade.closed', close)).toMatchObject({ occurredAt: AT });
  });

  test('of an emergency stop is when it tripped', () => {
    expect(outcome('ess.tripped', { ...GOOD['ess.tripped'], timestamp: '1' })).toMatchObject({
      occurredAt: AT,
    });
  });

  test('that is NaN is missing, so that another one counts', () => {
    expect(outcome('trade.opened', { ...untimed, timestamp: 'NaN', ts: ISO })).toMatchObject({
      occurredAt: AT,
    });
  });

  test('that is no time is refused, although the envelope has one', () => {
    const payload = JSON.stringify({ ...untimed, timestamp: 'yesterday' });
    expect(outcome('trade.opened', { payload, timestamp: ISO })).toBe('time_invalid');
  });

  test('keeps every microsecond of a bare JSON number', () => {
    const payload = JSON.stringify(untimed).replace('}', ', "timestamp": 1771123813.389352}');
    expect(outcome('trade.opened', { payload })).toMatchObject({ occurredAt: AT });
  });
});

import fc from 'fast-check';
import { CursorError, cursorOf, placeOf } from '../../../src/positions/trade-cursor.js';

const AT = '2026-03-01T12:00:00.000001+00:00';
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a cursor', () => {
  test('leads back to its place, whatever the id', () => {
    const ids = fc
      .string({ minLength: 1, maxLength: 128, unit: 'grapheme' })
      .filter((id) => !id.includes('\0'));
    fc.assert(
      fc.property(ids, (tradeId) => {
        const cursor = cursorOf({ at: AT, symbol: 'BTCUSDT', tradeId });
        expect(cursor).toMatch(/^[\w-]{1,2048}$/);
        expect(placeOf(cursor)).toEqual({ at: AT, symbol: 'BTCUSDT', tradeId });
      }),
    );
  });

  test.each<[what: string, cursor: string]>([
    ['nothing', ''],
    ['noise', 'junk'],
    ['other characters', `${encoded([AT, 'B', 'a'])}=`],
    ['no list', encoded({ at: AT })],
    ['a place short of a part', encoded([AT, 'B'])],
    ['a place with one too many', encoded([AT, 'B', 'a', 'b'])],
    ['a number for a name', encoded([AT, 'B', 7])],
    ['an empty name', encoded([AT, '', 'a'])],
    ['a NUL, which Postgres refuses', encoded([AT, 'B', 'a\0'])],
    ['a time that is none', encoded(['now', 'B', 'a'])],
    ['a time as people write it', encoded(['March 7 2026 Z', 'B', 'a'])],
    ['a day that is none', encoded(['2026-13-07T12:00:00.000000+00:00', 'B', 'a'])],
    ['a year that Postgres has not', encoded(['0000-03-07T12:00:00.000000+00:00', 'B', 'a'])],
    ['a time with more to say', encoded([`${AT}'; DROP TABLE trades; --`, 'B', 'a'])],
    ['a novel', encoded([AT, 'B', 'a'.repeat(4000)])],
  ])('is refused when it holds %s', (_what, cursor) => expect(() => placeOf(cursor)).toThrow(CursorError));
});

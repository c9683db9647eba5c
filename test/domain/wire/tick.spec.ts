import fc from 'fast-check';
import { decodeEntry } from '../../../src/transport/wire/decode.js';
import { EntryBytes } from '../../../src/transport/wire/entry-bytes.js';
import { scanTick as scanBytes } from '../../../src/transport/wire/tick.js';
import { outcome, plain } from './support.js';

const RECORDED =
  '{"symbol": "SOLUSDT", "price": 84.94, "qty": 0.065, "is_buyer_maker": false, "timestamp": 1771364397.517197}';
const around = (payload: string, source = 'market-publisher'): string[] => [
  ...['event_type', 'market.tick', 'payload', payload, 'correlation_id', 'c'],
  ...['timestamp', '2026-02-17T21:39:57.517240', 'source', source, 'trace_id', ''],
];
const scanTick = (entry: readonly string[]) =>
  scanBytes(
    EntryBytes.of(
      '1771364397517-0',
      entry.map((part) => Buffer.from(part)),
    ),
  );
const fully = (entry: readonly string[]): Record<string, unknown> | string => {
  const pairs = entry.flatMap((name, index) => (index % 2 === 0 ? [[name, entry[index + 1]!]] : []));
  return outcome('market.tick', Object.fromEntries(pairs) as Record<string, string>);
};

describe('the fast path of a tick', () => {
  test.each([
    ['as recorded', RECORDED],
    ['without spaces', RECORDED.replace(/ /g, '')],
    [
      'with volume and an ISO time',
      '{"symbol": "BTCUSDT", "price": 87680.0, "volume": 0.012, "timestamp": "2025-12-24T04:32:14.062679+00:00"}',
    ],
    ['in milliseconds, in lower case', '{"symbol": "btcusdt", "price": 1, "timestamp": 1771364397517}'],
    ['of a whole second', RECORDED.replace('1771364397.517197', '1771364397')],
    ['of a tenth of a second', RECORDED.replace('1771364397.517197', '1771364397.5')],
    ['of nine decimals of a second', RECORDED.replace('1771364397.517197', '1771364397.517197999')],
    ['of nine digits of seconds', RECORDED.replace('1771364397.517197', '771364397.517197')],
    ['of fourteen digits', RECORDED.replace('84.94', '8494000.0000001')],
    ['with a word before the time', RECORDED.replace('0.065', '"price"').replace('false', 'null')],
    [
      'with bid, ask and exchange',
      '{"symbol": "BTCUSDT", "price": 2, "bid": 1.5, "ask": null, "exchange": "binance", "timestamp": 1771364397}',
    ],
    [
      'of the venue’s mark price',
      '{"symbol": "BTCUSDT", "price": 2, "source": "mark_price_fallback", "timestamp": 1771364397}',
    ],
  ])('reads a tick %s like the full decoder', (_what, payload) => {
    const scanned = scanTick(around(payload));
    expect(scanned).not.toBeNull();
    expect(plain(scanned!)).toEqual(fully(around(payload)));
    expect(plain(decodeEntry('market.tick', around(payload)))).toEqual(fully(around(payload)));
  });

  test('knows the mark price by the envelope too', () => {
    expect(scanTick(around(RECORDED, 'mark_price_fallback'))).toMatchObject({ source: 'mark_price' });
    expect(scanTick(around(RECORDED))).toMatchObject({ source: 'market.tick' });
  });

  test.each([
    ['a price of zero', RECORDED.replace('84.94', '0.00')],
    ['a negative price', RECORDED.replace('84.94', '-84.94')],
    ['NaN', RECORDED.replace('84.94', 'NaN')],
    ['an exponent', RECORDED.replace('84.94', '8.494e1')],
    ['19 decimals', RECORDED.replace('84.94', '84.9400000000000000001')],
    ['a price as a text', RECORDED.replace('84.94', '"84.94"')],
    ['sixteen digits', RECORDED.replace('84.94', '84940000.00000001')],
    ['a number that begins with zero', RECORDED.replace('84.94', '084.94')],
    ['a number that ends with its point', RECORDED.replace('84.94', '84.')],
    ['a time that begins with zero', RECORDED.replace('1771364397', '01771364397')],
    ['a time beyond 2255', RECORDED.replace('1771364397', '9771364397')],
    ['a symbol that begins with a point', RECORDED.replace('SOL', '.SOL')],
    ['a repeated symbol', RECORDED.replace('"qty": 0.065', '"symbol": "ETHUSDT"')],
    ['a text that does not end', RECORDED.slice(0, -1).replace('1771364397.517197', '"2026-02-17T21:39:57')],
    ['a symbol that means nothing', RECORDED.replace('SOLUSDT', 'None')],
    ['an escape', RECORDED.replace('SOLUSDT', 'SOL\\u0055SDT')],
    ['a time that is none', RECORDED.replace('1771364397.517197', '"soon"')],
    ['no time', '{"symbol": "SOLUSDT", "price": 84.94}'],
    ['another order', '{"timestamp": 1771364397.5, "price": 84.94, "symbol": "SOLUSDT"}'],
    ['a repeated price', RECORDED.replace('"qty": 0.065', '"price": 1')],
    ['a repeated source', RECORDED.replace('"qty": 0.065', '"source": "mark_price_fallback", "source": "x"')],
    ['an object inside', RECORDED.replace('0.065', '{"price": 3}')],
    ['text behind the end', `${RECORDED} x`],
    ['a broken number', RECORDED.replace('0.065', '0.0.65')],
    ['bad JSON', RECORDED.slice(0, 40)],
    ['letters beyond ASCII', RECORDED.replace('0.065', '"ü"')],
    ['what is too long', RECORDED.replace('0.065', `"${'x'.repeat(500)}"`)],
    ['a control character', RECORDED.replace('SOLUSDT', 'SOL\u0000USDT')],
  ])('leaves %s to the full decoder', (_what, payload) => {
    expect(scanTick(around(payload))).toBeNull();
    expect(outcome('market.tick', around(payload))).toEqual(fully(around(payload)));
  });

  test('leaves entries with names it does not know to the full decoder', () => {
    expect(scanTick(['payload', RECORDED, 'data', '{}'])).toBeNull();
    expect(scanTick(['symbol', 'SOLUSDT', 'price', '1', 'timestamp', '1771364397'])).toBeNull();
    expect(scanTick(['payloax', RECORDED])).toBeNull();
    expect(scanTick(['pay', RECORDED])).toBeNull();
    expect(scanTick([])).toBeNull();
  });

  test('reads nothing otherwise than the full decoder, whatever it is given', () => {
    const value = fc.oneof(
      fc.constantFrom(
        '1',
        '0',
        '84.940',
        '"84.94"',
        'null',
        'true',
        '"None"',
        'NaN',
        '[]',
        '1771364397.5',
        '"x"',
        '-1',
      ),
      fc.constantFrom(
        '"SOLUSDT"',
        '"mark_price_fallback"',
        '"2026-02-17T21:39:57Z"',
        '1771364397517',
        '1e2',
        '01',
      ),
    );
    const name = fc.constantFrom('symbol', 'price', 'timestamp', 'source', 'qty', 'Price', 'ts', 'volume');
    const start = fc.constantFrom('"symbol": "SOLUSDT", "price": 84.94', '"symbol":"ETHUSDT","price":1');
    const members = fc.array(fc.tuple(name, value), { maxLength: 4 });
    fc.assert(
      fc.property(start, members, fc.boolean(), (head, rest, ends) => {
        const others = rest.map(([each, text]) => `"${each}": ${text}`);
        const all = [head, ...others, ...(ends ? ['"timestamp": 1771364397.517197'] : [])];
        const entry = around(`{${all.join(', ')}}`);
        const scanned = scanTick(entry);
        if (scanned !== null) expect(plain(scanned)).toEqual(fully(entry));
      }),
      { numRuns: 3000 },
    );
  });

  test.each(['-null', '01true', '-true', '"a\\5', '-"a"', '0.null', '"a'])(
    'leaves a member of %s to the full decoder',
    (value) => {
      for (const time of [value, '1771364397.517197'])
        expect(
          scanTick(around(`{"symbol":"SOLUSDT","price":84.94,"qty":${value},"timestamp":${time}}`)),
        ).toBeNull();
      expect(scanTick(around(`{"symbol":"SOLUSDT","price":84.94,"timestamp":${value}}`))).toBeNull();
    },
  );

  test('reads nothing otherwise than the full decoder when bytes of it are others', () => {
    const change = fc.tuple(
      fc.nat(RECORDED.length),
      fc.nat(2),
      fc.constantFrom(...'{}",: .-0159eE\\/_azAZ\r\n\0'),
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const payload = changes.reduce(
          (text, [at, gone, put]) => text.slice(0, at) + put + text.slice(at + gone),
          RECORDED,
        );
        const scanned = scanTick(around(payload));
        if (scanned !== null) expect(plain(scanned)).toEqual(fully(around(payload)));
      }),
      { numRuns: 20_000 },
    );
  });
});

import fc from 'fast-check';
import { Refusal } from '../../../src/ledger/facts.js';
import { checked } from '../../../src/transport/wire/checked.js';
import { decodeEntry, decodePayload, INBOUND_EVENT_TYPES } from '../../../src/transport/wire/decode.js';
import { flat, GOOD, outcome } from './support.js';
import type { GoodType } from './support.js';

const TYPES = Object.keys(GOOD) as GoodType[];
const NAMES = [
  ...[
    'trade_id',
    'symbol',
    'side',
    'action',
    'entry_price',
    'exitPrice',
    'quantity',
    'qty',
    'realized_pnl',
    'pnl',
  ],
  ...[
    'pnl_percent',
    'timestamp',
    'ts',
    'close_ts',
    'order_id',
    'status',
    'executed',
    'signal',
    'metrics',
    'reason',
  ],
  ...[
    'account',
    'event_id',
    'payload',
    'data',
    'init',
    'amount',
    'type',
    'balance',
    'positions',
    'price',
    'fee',
  ],
  ...['position_qty', 'is_closed', 'close', 'leverage', '__proto__', 'paper_trade', 'source', 'event'],
];
const VALUES = [
  ...[
    '',
    'None',
    'null',
    'NaN',
    '-Infinity',
    '0',
    '0.0',
    '-1',
    '1e308',
    '1e400',
    '1e-30',
    '9'.repeat(60),
    '1.5',
  ],
  ...[
    'LONG',
    'sell',
    'FLAT',
    'BTCUSDT',
    'ВTC',
    'A\u0000',
    'True',
    'false',
    '1771123813.389352',
    '2026-02-30T00:00:00',
  ],
  ...[
    '2026-02-15T02:50:13Z',
    '{',
    '{}',
    '{"symbol": "BTCUSDT"}',
    '[]',
    '\ud800',
    'FILLED',
    'PRICE_UPDATE',
    'DEPOSIT',
  ],
];

const name = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: fc.string() },
);
const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 1, arbitrary: fc.json() },
);
const type = fc.constantFrom(...INBOUND_EVENT_TYPES);

function throwsOnlyRefusals(decode: () => unknown): void {
  try {
    decode();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    expect(error.code).toMatch(/^[a-z0-9_]+$/);
  }
}

describe('whatever comes', () => {
  test('a stream entry is an event or a Refusal', () => {
    fc.assert(
      fc.property(type, fc.array(fc.tuple(name, text), { maxLength: 14 }), (eventType, fields) => {
        throwsOnlyRefusals(() => decodeEntry(eventType, fields.flat(), { fallbackTime: 1 }));
      }),
      { numRuns: 3000 },
    );
  });

  test('a good message with some fields spoiled is an event or a Refusal', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...TYPES),
        fc.dictionary(name, text, { maxKeys: 3 }),
        (eventType, spoiled) => {
          const fields = { ...GOOD[eventType], ...spoiled };
          throwsOnlyRefusals(() => decodeEntry(eventType, fields));
          throwsOnlyRefusals(() => decodeEntry(eventType, ['payload', JSON.stringify(fields)]));
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('what a peer sends is an event or a Refusal', () => {
    fc.assert(
      fc.property(
        type,
        fc.anything({ key: name, withBigInt: true, withDate: true, maxDepth: 4 }),
        (eventType, sent) => {
          throwsOnlyRefusals(() => decodePayload(eventType, sent));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('any order of the fields says the same, in both spellings', () => {
    const camel = (each: string): string =>
      each.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
    fc.assert(
      fc.property(
        fc.constantFrom(...TYPES),
        fc.infiniteStream(fc.nat()),
        fc.boolean(),
        (eventType, random, isCamel) => {
          const entries = Object.entries(GOOD[eventType]).map(([each, value]) => [
            isCamel ? camel(each) : each,
            value,
          ]);
          const keyed = entries.map((entry) => ({ entry, at: random.next().value as number }));
          const shuffled = keyed.sort((first, second) => first.at - second.at).map(({ entry }) => entry);
          const body = Object.fromEntries(shuffled) as Record<string, string>;
          const expected = outcome(eventType, GOOD[eventType]);
          expect(outcome(eventType, flat(body))).toEqual(expected);
          expect(outcome(eventType, ['payload', JSON.stringify(body)])).toEqual(expected);
        },
      ),
    );
  });
});

describe('the check at the door', () => {
  test('gives back the very object that it checked, an instance of its class', () => {
    const event = decodeEntry('trade.opened', GOOD['trade.opened']);
    expect(event.constructor.name).toBe('TradeOpenedMessage');
    expect(checked(event)).toBe(event);
  });

  test('refuses every rule that is broken, inherited ones included', () => {
    const event = decodeEntry('trade.opened', GOOD['trade.opened']);
    const broken = (change: object) => () =>
      checked(Object.assign(Object.create(Object.getPrototypeOf(event) as object) as object, event, change));
    expect(broken({})).not.toThrow();
    expect(broken({ accountId: 'a b' })).toThrow(expect.objectContaining({ code: 'account_invalid' }));
    expect(broken({ symbol: 'btc' })).toThrow(expect.objectContaining({ code: 'symbol_invalid' }));
    expect(broken({ quantity: 1 })).toThrow(expect.objectContaining({ code: 'quantity_invalid' }));
    expect(broken({ eventId: '' })).toThrow(expect.objectContaining({ code: 'event_id_invalid' }));
  });
});

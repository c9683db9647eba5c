import { Refusal } from '../../../src/ledger/facts.js';
import { decodeEntry, decodePayload, INBOUND_EVENT_TYPES } from '../../../src/transport/wire/decode.js';
import { MAX_TEXT_LENGTH } from '../../../src/transport/wire/json.js';
import { flat, GOOD, outcome } from './support.js';

const closed = GOOD['trade.closed'];
const ARRIVED = { fallbackTime: 1_771_123_813_389_352 };
const within = (milliseconds: number, work: () => void): void => {
  const start = process.hrtime.bigint();
  work();
  expect(Number(process.hrtime.bigint() - start) / 1e6).toBeLessThan(milliseconds);
};

describe('poison', () => {
  test('of 64 MB is refused without being looked at', () => {
    const large = 'x'.repeat(64 * 1024 * 1024);
    within(1000, () => {
      expect(outcome('trade.closed', { payload: large })).toBe('payload_too_large');
      expect(outcome('trade.closed', { ...closed, reason: large })).toBe('payload_too_large');
      expect(outcome('market.tick', ['payload', large])).toBe('payload_too_large');
      expect(() => decodePayload('trade.closed', { reason: large })).toThrow(Refusal);
    });
  });

  test('of many small fields is refused by their sum', () => {
    const fields = Array.from({ length: 300 }, (_each, index) => [
      `f${index}`,
      'x'.repeat(MAX_TEXT_LENGTH / 256),
    ]);
    expect(outcome('trade.closed', fields.flat())).toBe('payload_too_large');
  });

  test('of 200 000 nested arrays is refused at the thirty-third', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    within(1000, () => {
      expect(outcome('trade.closed', { payload: deep })).toBe('payload_too_deep');
      expect(outcome('trade.closed', { payload: `{"a": ${deep}}` })).toBe('payload_too_deep');
      expect(outcome('market.tick', ['payload', `{"symbol": "BTCUSDT", "price": ${deep}`])).toBe(
        'payload_too_deep',
      );
    });
  });

  test('of nested objects from a peer is refused', () => {
    let deep: object = {};
    for (let depth = 0; depth < 10_000; depth += 1) deep = { deep };
    expect(() => decodePayload('trade.closed', deep)).toThrow(
      new Refusal('payload_too_deep', 'payload nests deeper than 32'),
    );
  });

  test('in the prototype stays outside', () => {
    const text = `{"__proto__": {"symbol": "BTCUSDT", "side": "LONG"}, "constructor": {"prototype": {}}}`;
    expect(outcome('trade.closed', { payload: text }, ARRIVED)).toBe('symbol_missing');
    expect(() => decodePayload('trade.closed', JSON.parse(text), ARRIVED)).toThrow('symbol is missing');
    expect(({} as Record<string, unknown>)['symbol']).toBeUndefined();
    expect(outcome('trade.closed', { payload: '{"toString": 1, "hasOwnProperty": 2}' }, ARRIVED)).toBe(
      'symbol_missing',
    );
  });

  test('of binary junk is refused', () => {
    const junk = Buffer.from(Array.from({ length: 200 }, (_each, index) => (index * 37) % 256)).toString(
      'utf8',
    );
    expect(outcome('trade.closed', { payload: junk })).toBe('malformed_json');
    expect(outcome('trade.closed', [junk, junk], ARRIVED)).toBe('symbol_missing');
    expect(outcome('trade.closed', [junk], ARRIVED)).toBe('payload_empty');
    expect(outcome('trade.closed', [])).toBe('payload_empty');
  });

  test('of duplicate keys counts as its last value', () => {
    const text = JSON.stringify(closed).replace('}', ', "quantity": "7"}');
    expect(outcome('trade.closed', { payload: text })).toMatchObject({ quantity: '7' });
    expect(outcome('trade.closed', [...flat(closed), 'quantity', '7'])).toMatchObject({ quantity: '7' });
  });

  test('of two spellings of one name counts as the snake_case one, in any order', () => {
    const entries = [['exit_price', '1'], ['exitPrice', '2'], ['ExitPrice', '3']]; // prettier-ignore
    for (const order of [entries, [...entries].reverse()]) {
      const fields = { ...Object.fromEntries(order), symbol: 'X', timestamp: '1771123813' } as Record<
        string,
        string
      >;
      expect(outcome('trade.closed', fields)).toMatchObject({ exitPrice: '1' });
    }
  });

  test.each([
    undefined,
    null,
    7,
    true,
    [],
    [{}],
    () => 1,
    Symbol('s'),
    'text',
    '',
    10n,
    Number.NaN,
    new Date(NaN),
  ])('of a peer that sends %p is refused', (sent) => {
    for (const type of INBOUND_EVENT_TYPES) expect(() => decodePayload(type, sent)).toThrow(Refusal);
  });

  test('is refused with a message that is short and names the field', () => {
    const message = (fields: Record<string, string>): string => {
      try {
        decodeEntry('trade.closed', fields);
        return 'decoded';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(message({ ...closed, quantity: `\u0000\n${'x'.repeat(100_000)}` })).toMatch(
      /^quantity is not a number: "\\u0000/,
    );
    expect(message({ ...closed, quantity: 'x'.repeat(100_000) }).length).toBeLessThan(100);
    expect(message({ ...closed, quantity: '-1' })).toBe('quantity is not above zero: "-1"');
    expect(message({ ...closed, trade_id: 'a\u0000' })).toMatch(/^trade_id is not an id/);
  });
});

import { decodePayload } from '../../../src/transport/wire/decode.js';
import type { EntryFields } from '../../../src/transport/wire/decode.js';
import { AT, flat, GOOD, ISO, outcome, plain } from './support.js';
import type { GoodType } from './support.js';

const TYPES = Object.keys(GOOD) as GoodType[];
const camel = (name: string): string =>
  name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());

/** The envelope's time and source say nothing here: the payload's own come first. */
const FORMS: [form: string, wrap: (type: string, body: Record<string, string>) => EntryFields][] = [
  [
    'V1, the full entry',
    (type, body) => [
      ...['event_type', type, 'payload', JSON.stringify(body), 'trace_id', '', 'correlation_id', 'c'],
      ...['timestamp', '2026-01-01T00:00:00', 'source', 'tester'],
    ],
  ],
  [
    'V2, without ids, time with Z',
    (type, body) => [
      ...['event_type', type, 'payload', JSON.stringify(body)],
      ...['timestamp', '2026-01-01T00:00:00.1Z', 'source', 'tester'],
    ],
  ],
  [
    'V3, the same in another order',
    (type, body) => [
      ...['source', 'tester', 'timestamp', '2026-01-01T00:00:00', 'trace_id', '', 'correlation_id', 'c'],
      ...['payload', JSON.stringify(body), 'event_type', type],
    ],
  ],
  ['V4, the payload alone', (_type, body) => ['payload', JSON.stringify({ ...body, source: 'tester' })]],
  [
    'V5, without event_type',
    (_type, body) => ({ payload: JSON.stringify(body), trace_id: 't', source: 'tester', timestamp: '1' }),
  ],
  ['V6, data for payload', (_type, body) => ['data', JSON.stringify(body), 'source', 'tester']],
  ['V8, flat fields', (type, body) => flat({ event_type: type, ...body, source: 'tester' })],
  ['V8 without event_type', (_type, body) => ({ ...body, source: 'tester' })],
  ['V8 in camelCase', (_type, body) => mapNames({ ...body, source: 'tester' }, camel)],
  [
    'V1 in camelCase',
    (_type, body) => ['payload', JSON.stringify(mapNames(body, camel)), 'source', 'tester'],
  ],
];

function mapNames(body: Record<string, string>, rename: (name: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [rename(name), value]));
}

describe.each(TYPES)('%s', (type) => {
  const expected = outcome(type, { ...GOOD[type], source: 'tester' });

  test('is an event', () => expect(expected).toHaveProperty('kind'));

  test.each(FORMS)('says the same in the form %s', (_form, wrap) => {
    expect(outcome(type, wrap(type, GOOD[type]))).toEqual(expected);
  });

  test('says the same from a pub/sub peer, bare, wrapped, as text', () => {
    const body = { ...GOOD[type], source: 'tester' };
    const wrapped = {
      event_type: type,
      payload: GOOD[type],
      source: 'tester',
      timestamp: '2026-01-01T00:00:00',
    };
    for (const sent of [body, JSON.stringify(body), wrapped, { data: JSON.stringify(body) }]) {
      expect(plain(decodePayload(type, sent))).toEqual(expected);
    }
  });
});

describe('the envelope', () => {
  const closed = GOOD['trade.closed'];

  test('is ignored when it only marks that the stream exists', () => {
    const marker = { kind: 'ignored', reason: 'marker' };
    for (const type of TYPES) expect(outcome(type, ['init', '1'])).toEqual(marker);
    expect(outcome('trade.closed', { payload: '{"init": "1"}' })).toEqual(marker);
  });

  test('gives its time, source, account and event id when the payload has none', () => {
    const { timestamp: _own, ...untimed } = closed;
    const around = {
      payload: JSON.stringify(untimed),
      timestamp: ISO,
      source: 's',
      account_id: 'two',
      event_id: 'e',
    };
    expect(outcome('trade.closed', around)).toMatchObject({
      occurredAt: AT,
      timeFrom: 'envelope',
      source: 's',
      accountId: 'two',
      eventId: 'e',
    });
  });

  test('gives way to the payload', () => {
    const body = { ...closed, source: 'inner', account: 'inner', event_id: 'inner' };
    const around = {
      payload: JSON.stringify(body),
      timestamp: '1',
      source: 'outer',
      account_id: 'outer',
      event_id: 'o',
    };
    const event = outcome('trade.closed', around);
    expect(event).toMatchObject({ occurredAt: AT, source: 'inner', accountId: 'inner', eventId: 'inner' });
    expect(event).not.toHaveProperty('timeFrom');
  });

  test('leaves a flat message alone that uses the name data for something else', () => {
    expect(outcome('trade.closed', { ...closed, data: 'x' })).toMatchObject({ tradeId: 'T1' });
  });

  test('is believed in nothing about the type: the stream says it', () => {
    expect(outcome('trade.closed', { ...closed, event_type: 'trade.opened' })).toMatchObject({
      kind: 'trade.closed',
    });
  });

  test('refuses a type that nobody knows', () => {
    expect(outcome('trade.vanished', closed)).toBe('unknown_event');
    expect(outcome('__proto__', closed)).toBe('unknown_event');
  });

  test.each([
    ['null', 'payload_empty'],
    ['', 'payload_empty'],
    ['{}', 'payload_empty'],
    ['[1]', 'payload_not_an_object'],
    ['"text"', 'payload_not_an_object'],
    ['7', 'payload_not_an_object'],
    ['x', 'malformed_json'],
  ])('refuses the payload %j', (text, code) => expect(outcome('trade.closed', { payload: text })).toBe(code));

  test('takes the time of arrival only when there is no other', () => {
    const { timestamp: _own, ...untimed } = closed;
    const fallbackTime = 1_700_000_000_000_000;
    expect(outcome('trade.closed', untimed)).toBe('time_missing');
    expect(outcome('trade.closed', untimed, { fallbackTime })).toMatchObject({
      occurredAt: fallbackTime,
      timeFrom: 'arrival',
    });
    expect(outcome('trade.closed', closed, { fallbackTime })).toMatchObject({ occurredAt: AT });
  });
});

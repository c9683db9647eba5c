import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { Fact, OrderExecuted, TradeClosed, TradeOpened } from '../../../src/ledger/facts.js';
import {
  contentHash,
  keysOf,
  knownBy,
  relate,
  supplemented,
  supplementKey,
} from '../../../src/ledger/identity.js';
import { Decimal } from '../../../src/shared/decimal.js';
import { decodeEntry } from '../../../src/transport/wire/decode.js';
import { facts } from './arbitrary-facts.js';

type Fields = Record<string, string>;
const TIME = '2026-02-15T02:50:13.389352';
const LATER = '2026-02-15T02:51:00';

const decode = (type: string, fields: Fields): Fact => decodeEntry(type, fields) as Fact;
const opened = (rest: Fields = {}): TradeOpened =>
  decode('trade.opened', {
    ...{
      trade_id: 'T1',
      symbol: 'BTCUSDT',
      side: 'BUY',
      entry_price: '42000',
      quantity: '0.2',
      source: 'one',
    },
    timestamp: TIME,
    ...rest,
  }) as TradeOpened;
const closed = (rest: Fields = {}): TradeClosed =>
  decode('trade.closed', {
    symbol: 'BTCUSDT',
    side: 'LONG',
    exit_price: '43000',
    source: 'one',
    timestamp: TIME,
    ...rest,
  }) as TradeClosed;
const executed = (rest: Fields = {}): OrderExecuted =>
  decode('order.executed', {
    ...{ order_id: '77', symbol: 'BTCUSDT', side: 'SELL', price: '43000', quantity: '0.2', source: 'one' },
    timestamp: TIME,
    ...rest,
  }) as OrderExecuted;
const tripped = (rest: Fields = {}): Fact => decode('ess.tripped', { reason: 'r', timestamp: TIME, ...rest });
const flow = (rest: Fields = {}): Fact =>
  decode('account.cash_flow', { type: 'DEPOSIT', amount: '100', timestamp: TIME, ...rest });

describe('the keys of a fact', () => {
  const HASH = '[A-Za-z0-9_-]{43}';

  test.each([
    ['an open', opened(), ['opened:T1']],
    ['an open with an event id', opened({ event_id: 'E' }), ['event:E', 'opened:T1']],
    [
      'a close of a trade by an order',
      closed({ trade_id: 'T1', order_id: '7' }),
      ['closed:T1:order:7', 'close-order:BTCUSDT:7'],
    ],
    [
      'a close by an order',
      closed({ order_id: '7' }),
      ['closed:BTCUSDT:LONG:order:7', 'close-order:BTCUSDT:7'],
    ],
    ['a close with an event id', closed({ event_id: 'E' }), ['event:E']],
    ['an execution', executed(), ['execution:77']],
    ['an execution with its own id', executed({ execution_id: 'X', trade_id: 'T' }), ['execution:77:X']],
    ['an execution with a trade id', executed({ trade_id: 'T' }), ['execution:77:T']],
    ['a cash flow with an event id', flow({ event_id: 'E' }), ['event:E']],
    ['an emergency stop with an event id', tripped({ event_id: 'E' }), ['event:E']],
    [
      'ids that hold colons',
      closed({ trade_id: 'BTCUSDT:LONG', order_id: '7%' }),
      ['closed:BTCUSDT%3ALONG:order:7%25', 'close-order:BTCUSDT:7%25'],
    ],
  ] as [string, Fact, string[]][])('%s', (_what, fact, keys) => expect(keysOf(fact)).toEqual(keys));

  test.each([
    ['a close of a trade without an order', closed({ trade_id: 'T1' }), 'closed:T1:hash:'],
    ['a close without anything', closed(), 'closed:BTCUSDT:LONG:hash:'],
    ['a close without a side', closed({ side: '' }), 'closed:BTCUSDT:?:hash:'],
    ['a rejected order', executed({ status: 'REJECTED' }), 'order.executed:hash:'],
    ['an execution without an order', executed({ order_id: '' }), 'order.executed:hash:'],
    ['an emergency stop', tripped(), 'ess.tripped:hash:'],
    ['a cash flow without an event id', flow(), 'account.cash_flow:hash:'],
  ])('%s is known by its content', (_what, fact, prefix) => {
    expect(keysOf(fact)).toEqual([
      expect.stringMatching(new RegExp(`^${prefix.replace('?', '\\?')}${HASH}$`)),
    ]);
  });

  test('of a rejected order leave the order to its execution', () => {
    expect(keysOf(executed({ status: 'NEW' }))).not.toContain('execution:77');
  });

  test('two partial closes of one trade are two facts, a resend is none', () => {
    const first = closed({ trade_id: 'T1', quantity: '0.1' });
    const resent = closed({ tradeId: 'T1', qty: '0.10', source: 'two', account: 'x' });
    expect(keysOf(resent)).toEqual(keysOf(first));
    expect(keysOf(closed({ trade_id: 'T1', quantity: '0.1', timestamp: LATER }))).not.toEqual(keysOf(first));
  });

  test('are there for every fact, and never hang on who said it', () => {
    fc.assert(
      fc.property(facts, (fact) => {
        const keys = keysOf(fact);
        expect(keys.length).toBeGreaterThan(0);
        expect(keysOf({ ...fact, source: 'another', accountId: 'another' })).toEqual(keys);
      }),
    );
  });
});

describe('the end of a trade', () => {
  const end = (rest: Fields = {}): TradeClosed => ({ ...closed({ trade_id: 'T1', ...rest }), whole: true });

  test('is one key, whatever it tells, and every other close of the trade is known by it', () => {
    expect(keysOf(end())).toEqual(['closed:T1:whole']);
    expect(keysOf(end({ exit_price: '1' }))).toEqual(['closed:T1:whole']);
    expect(keysOf(end({ order_id: '7' }))).toContain('close-order:BTCUSDT:7');
    const part = closed({ trade_id: 'T1', quantity: '0.1' });
    expect(keysOf(part)).not.toContain('closed:T1:whole');
    expect(knownBy(part)).toEqual([...keysOf(part), 'closed:T1:whole']);
    expect(knownBy(end())).toEqual(keysOf(end()));
  });

  test('needs a trade: a close without a name is known by its own keys only', () => {
    const unnamed = { ...closed(), whole: true };
    expect(keysOf(unnamed)).toEqual([`closed:BTCUSDT:LONG:hash:${contentHash(unnamed)}`]);
    expect(knownBy(closed())).toEqual(keysOf(closed()));
    expect(knownBy(opened())).toEqual(keysOf(opened()));
  });
});

describe('the content hash', () => {
  test('is of values, not of their spelling', () => {
    expect(contentHash(opened({ quantity: '0.200' }))).toBe(contentHash(opened({ quantity: '2e-1' })));
    expect(contentHash({ ...opened(), quantity: Decimal.stored('0.2000') })).toBe(contentHash(opened()));
    expect(contentHash(opened({ quantity: '0.3' }))).not.toBe(contentHash(opened()));
    expect(contentHash(opened({ fee: '0' }))).not.toBe(contentHash(opened()));
  });

  test('of a close that claims nothing is what it was before closes could claim', () => {
    const fact = closed();
    const told = [null, 'BTCUSDT', 'LONG', null, '43000', null, null, null, null, null, null, null, null];
    const before = JSON.stringify(['trade.closed', fact.occurredAt, ...told]);
    const hash = createHash('sha256').update(before).digest('base64url');
    expect([contentHash(fact), contentHash({ ...fact, claimedPnl: null, whole: null })]).toEqual([
      hash,
      hash,
    ]);
    expect(contentHash({ ...fact, whole: true })).not.toBe(hash);
  });

  test('takes no time from the envelope or the arrival, since a resend has another', () => {
    const payload = '{"symbol": "BTCUSDT", "side": "LONG", "exit_price": 43000}';
    const around = (timestamp: string): Fact => decode('trade.closed', { payload, timestamp });
    const arrived = decodeEntry('trade.closed', { payload }, { fallbackTime: 5 }) as Fact;
    expect(contentHash(around(TIME))).toBe(contentHash(around(LATER)));
    expect(contentHash(around(TIME))).toBe(contentHash(arrived));
  });

  test('of an emergency stop holds the envelope’s time: two trips in the same words are two', () => {
    const around = (timestamp: string): Fact =>
      decode('ess.tripped', { payload: '{"reason": "r"}', timestamp });
    expect(contentHash(around(TIME))).toBe(contentHash(around(TIME)));
    expect(contentHash(around(TIME))).not.toBe(contentHash(around(LATER)));
  });
});

describe('a later fact under a taken key', () => {
  const none = { differs: false, contradicted: [], adds: [] };

  test.each([
    ['the same again', opened(), opened(), { relation: 'duplicate', ...none }],
    ['the same, later', opened(), opened({ timestamp: LATER }), { relation: 'duplicate', ...none }],
    ['the same from another source', opened(), opened({ source: 'two' }), { relation: 'duplicate', ...none }],
    [
      'the price that was not known',
      opened({ entry_price: '0.0' }),
      opened({ timestamp: LATER }),
      { relation: 'supplement', ...none, adds: ['entryPrice'] },
    ],
    [
      'a fee, a stop and a target',
      opened(),
      opened({ fee: '1', stop_loss: '2', take_profit: '3', source: 'two' }),
      { relation: 'supplement', ...none, adds: ['stopLoss', 'takeProfit', 'fee'] },
    ],
    [
      'less than is known already',
      opened(),
      opened({ entry_price: '0.0', timestamp: LATER }),
      { relation: 'duplicate', ...none },
    ],
    [
      'less, but of an earlier time',
      opened({ timestamp: LATER }),
      opened({ entry_price: '0.0' }),
      { relation: 'supplement', ...none, adds: ['occurredAt'] },
    ],
    [
      'another price by the same source',
      opened(),
      opened({ entry_price: '41000' }),
      { relation: 'conflict', differs: true, contradicted: ['entryPrice'], adds: [] },
    ],
    [
      'another price by another source',
      opened(),
      opened({ entry_price: '41000', source: 'two' }),
      { relation: 'duplicate', differs: true, contradicted: ['entryPrice'], adds: [] },
    ],
    [
      'a fee and another price by the same source',
      opened(),
      opened({ entry_price: '41000', fee: '1' }),
      { relation: 'conflict', differs: true, contradicted: ['entryPrice'], adds: ['fee'] },
    ],
    [
      'a price and other words by another source',
      opened({ entry_price: '0', model: 'a' }),
      opened({ model: 'b', source: 'two' }),
      { relation: 'supplement', differs: false, contradicted: ['model'], adds: ['entryPrice'] },
    ],
    [
      'the price and the fee of an order that was only acknowledged',
      executed({ price: '0.0', fee: '0.0' }),
      executed({ fee: '0.5', timestamp: LATER }),
      { relation: 'supplement', ...none, adds: ['price', 'fee'] },
    ],
    [
      'a close by a second executor that differs in money',
      closed({ order_id: '7', pnl: '1' }),
      closed({ order_id: '7', pnl: '2', source: 'two', reason: 'x', timestamp: LATER }),
      { relation: 'duplicate', differs: true, contradicted: ['reportedPnl', 'occurredAt'], adds: ['reason'] },
    ],
    [
      'a close by a second executor in other words',
      closed({ order_id: '7', reason: 'x' }),
      closed({ order_id: '7', reason: 'y', source: 'two' }),
      { relation: 'duplicate', differs: false, contradicted: ['reason'], adds: [] },
    ],
    [
      'a close that the same source tells otherwise',
      closed({ order_id: '7', pnl: '1' }),
      closed({ order_id: '7', pnl: '2' }),
      { relation: 'conflict', differs: true, contradicted: ['reportedPnl'], adds: [] },
    ],
    [
      'a close to which the same source adds something: a close cannot be supplemented',
      closed({ order_id: '7' }),
      closed({ order_id: '7', pnl: '2' }),
      { relation: 'conflict', differs: false, contradicted: [], adds: ['reportedPnl'] },
    ],
    [
      'a deposit of another day under the same event id',
      flow({ event_id: 'E' }),
      flow({ event_id: 'E', timestamp: LATER }),
      { relation: 'conflict', differs: false, contradicted: ['occurredAt'], adds: [] },
    ],
    [
      'a fact of another kind under the same event id',
      flow({ event_id: 'E', source: 'one' }),
      opened({ event_id: 'E' }),
      { relation: 'conflict', differs: true, contradicted: ['kind'], adds: [] },
    ],
  ] as [string, Fact, Fact, object][])('says %s', (_what, first, later, expected) => {
    expect(relate(first, later)).toEqual(expected);
  });

  test('of another source may tell a stop that moved and still add what was not known', () => {
    const first = opened({ stop_loss: '41000' });
    const later = opened({ stop_loss: '41500', fee: '3', source: 'two' });
    expect(relate(first, later)).toMatchObject({
      relation: 'supplement',
      adds: ['fee'],
      contradicted: ['stopLoss'],
    });
    expect(relate(first, { ...later, source: 'one' })).toMatchObject({ relation: 'conflict' });
    expect(relate(first, opened({ quantity: '9', fee: '3', source: 'two' }))).toMatchObject({
      relation: 'duplicate',
      differs: true,
    });
  });

  test('is a duplicate of itself, always', () => {
    fc.assert(
      fc.property(
        facts,
        (fact) => void expect(relate(fact, fact)).toEqual({ relation: 'duplicate', ...none }),
      ),
    );
  });

  test('adds up to the same, whichever of two came first', () => {
    const priced = opened({ timestamp: LATER, fee: '1' });
    const early = opened({ entry_price: '0.0', stop_loss: '40000' });
    expect([relate(priced, early).relation, relate(early, priced).relation]).toEqual([
      'supplement',
      'supplement',
    ]);
    expect(supplemented(priced, early)).toEqual(supplemented(early, priced));
    expect(supplemented(early, priced)).toMatchObject({ occurredAt: early.occurredAt, fee: Decimal.ONE });
  });

  test('prefers the producer’s own time to the envelope’s, and loses the mark of that', () => {
    const payload =
      '{"trade_id": "T1", "symbol": "BTCUSDT", "side": "BUY", "entry_price": 42000, "quantity": 0.2}';
    const around = decode('trade.opened', { payload, timestamp: TIME, source: 'one' }) as TradeOpened;
    const own = opened({ timestamp: LATER });
    expect(relate(around, own)).toEqual({ relation: 'supplement', ...none, adds: ['occurredAt'] });
    expect(relate(own, around).relation).toBe('duplicate');
    expect(supplemented(around, own)).toMatchObject({ occurredAt: own.occurredAt });
    expect(supplemented(around, own)).not.toHaveProperty('timeFrom');
  });

  test('that supplements claims a key of its own, the same for a resend', () => {
    const key = supplementKey(opened({ fee: '1' }));
    expect(key).toMatch(/^opened:T1:supplement:/);
    expect(supplementKey(opened({ fee: '1.0', source: 'two' }))).toBe(key);
    expect(supplementKey(opened({ fee: '2' }))).not.toBe(key);
    expect(supplementKey(executed({ fee: '1', event_id: 'E' }))).toMatch(/^execution:77:supplement:/);
  });
});

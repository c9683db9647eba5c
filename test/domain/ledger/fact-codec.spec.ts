import fc from 'fast-check';
import { decodeFact, encodeFact, FactCodecError } from '../../../src/ledger/fact-codec.js';
import type { CashFlow, Fact, TradeOpened } from '../../../src/ledger/facts.js';
import { Decimal } from '../../../src/shared/decimal.js';
import { facts } from './arbitrary-facts.js';

const opened: TradeOpened = {
  kind: 'trade.opened',
  accountId: 'main',
  occurredAt: 1_771_123_813_389_352,
  eventId: null,
  source: 'execution',
  tradeId: 'T"1',
  symbol: 'BTCUSDT',
  side: 'LONG',
  entryPrice: null,
  quantity: Decimal.parse('0.20'),
  leverage: Decimal.parse('5'),
  stopLoss: null,
  takeProfit: null,
  fee: Decimal.ZERO,
  category: null,
  model: 'größe',
};

const TEXT =
  '{"kind":"trade.opened","occurredAt":1771123813389352,"accountId":"main","source":"execution","tradeId":"T\\"1",' +
  '"symbol":"BTCUSDT","side":"LONG","quantity":"0.2","leverage":"5","fee":"0","model":"größe"}';

describe('the text of a fact', () => {
  test('has one key order, exact decimals and no nulls', () => expect(encodeFact(opened)).toBe(TEXT));

  test('is the same whatever order the object was made in', () => {
    const reversed = Object.fromEntries(Object.entries(opened).reverse()) as unknown as Fact;
    expect(encodeFact(reversed)).toBe(TEXT);
  });

  test('reads back as the fact, with every null in its place', () => {
    const fact = decodeFact(TEXT);
    expect(Object.keys(fact).sort()).toEqual(Object.keys(opened).sort());
    expect(fact).toMatchObject({ entryPrice: null, eventId: null, model: 'größe', side: 'LONG' });
    expect((fact as TradeOpened).quantity.equals(Decimal.parse('0.2'))).toBe(true);
  });

  test('reads back from the object that a jsonb column gives, in any order of its keys', () => {
    const document = Object.fromEntries(Object.entries(JSON.parse(TEXT) as object).reverse());
    expect(encodeFact(decodeFact(document))).toBe(TEXT);
  });

  test('takes the header from the columns where they hold it', () => {
    const {
      accountId: _account,
      occurredAt: _time,
      ...document
    } = JSON.parse(TEXT) as Record<string, unknown>;
    const columns = { accountId: 'two', occurredAt: 7, eventId: 'e' };
    expect(decodeFact(document, columns)).toMatchObject({ ...columns, source: 'execution', tradeId: 'T"1' });
  });

  test('survives encode, decode, encode for every kind of fact', () => {
    fc.assert(
      fc.property(facts, (fact) => {
        const text = encodeFact(fact);
        expect(encodeFact(decodeFact(text))).toBe(text);
        expect(JSON.parse(text)).toMatchObject({ kind: fact.kind, occurredAt: fact.occurredAt });
      }),
      { numRuns: 500 },
    );
  });

  test('holds results longer than any input', () => {
    const long = Decimal.parse('0.123456789012345678').times(
      Decimal.parse('123456789012345678.123456789012345678'),
    );
    const flow: CashFlow = {
      ...{ kind: 'account.cash_flow', accountId: 'main', occurredAt: 1, eventId: null, source: null },
      ...{ type: 'FUNDING', amount: long.negated(), currency: null, symbol: null },
    };
    expect((decodeFact(encodeFact(flow)) as CashFlow).amount.equals(long.negated())).toBe(true);
  });

  test.each([
    ['an unknown kind', '{"kind":"trade.vanished","occurredAt":1}', FactCodecError],
    ['the kind of a prototype', '{"kind":"constructor","occurredAt":1}', FactCodecError],
    ['no time', '{"kind":"trade.opened"}', FactCodecError],
    ['a time that is no integer', '{"kind":"trade.opened","occurredAt":1.5}', FactCodecError],
    ['a decimal that is none', '{"kind":"account.cash_flow","occurredAt":1,"amount":"1e5"}', Error],
    ['no JSON', '{', SyntaxError],
  ])('is refused with %s', (_what, text, error) => expect(() => decodeFact(text)).toThrow(error));
});

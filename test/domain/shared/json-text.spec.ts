import fc from 'fast-check';
import { Decimal } from '../../../src/shared/decimal.js';
import { jsonText } from '../../../src/shared/json-text.js';

const LONG = '123456789012345678901234.000000000000000001';

describe('JSON text', () => {
  test('keeps every digit of a decimal, as a number or as a text', () => {
    const body = {
      price: Decimal.parse(LONG),
      sizes: [Decimal.parse('1e-18'), Decimal.ZERO, Decimal.parse('-7')],
    };
    expect(jsonText(body)).toBe(`{"price":${LONG},"sizes":[0.000000000000000001,0,-7]}`);
    expect(jsonText(body, true)).toBe(`{"price":"${LONG}","sizes":["0.000000000000000001","0","-7"]}`);
  });

  test('leaves counts numbers when decimals are texts', () => {
    expect(jsonText({ count: 2, flag: true, none: null, price: Decimal.ONE }, true)).toBe(
      '{"count":2,"flag":true,"none":null,"price":"1"}',
    );
  });

  test('makes an object of a Map and leaves out what is undefined', () => {
    const bySymbol = new Map([
      ['BTC"USDT', Decimal.ONE],
      ['__proto__', Decimal.HUNDRED],
    ]);
    expect(jsonText({ bySymbol, gone: undefined, empty: new Map() })).toBe(
      '{"bySymbol":{"BTC\\"USDT":1,"__proto__":100},"empty":{}}',
    );
    expect(jsonText(undefined)).toBe('null');
  });

  test('without decimals is what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        // JSON.stringify writes −0 as 0 and so do we.
        expect(jsonText(value as never)).toBe(JSON.stringify(value));
      }),
    );
  });

  test('is always JSON, never with an exponent', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (units) => {
        const decimal = Decimal.integer(units).dividedBy(Decimal.parse('1e12'));
        expect(JSON.parse(jsonText([decimal], true))).toEqual([decimal.toString()]);
        expect(jsonText(decimal)).not.toMatch(/[eE]/);
      }),
    );
  });
});

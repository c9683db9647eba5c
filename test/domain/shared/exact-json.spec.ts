import fc from 'fast-check';
import { nestsDeeperThan, parseKeepingDigits } from '../../../src/shared/exact-json.js';

describe('JSON whose digits are kept', () => {
  it('has a number that a double holds as a number, and every other as its text', () => {
    expect(
      parseKeepingDigits(
        '{"a":0.1,"b":-12,"c":0.12345678901234567890,"d":12345678901234567,"e":1.50,"f":1E-9,"g":-0}',
      ),
    ).toEqual({
      a: 0.1,
      b: -12,
      c: '0.12345678901234567890',
      d: '12345678901234567',
      e: '1.50',
      f: '1E-9',
      g: '-0',
    });
  });

  it('reads what Python writes for no number', () => {
    expect(parseKeepingDigits('[NaN, Infinity, -Infinity]')).toEqual(['NaN', 'Infinity', '-Infinity']);
  });

  it('leaves texts alone, with whatever they hold', () => {
    const texts = ['1.50 NaN', 'a "quoted" 12345678901234567', 'back\\', '\n1.0', '-Infinity'];
    expect(parseKeepingDigits(JSON.stringify(texts))).toEqual(texts);
  });

  it.each(['01', '1.', '.5', '1.2.3', '+1', '"open', '{"a":1', '"\\', 'Nan', '--1', 'NaNN', ''])(
    'refuses %s, as JSON does',
    (text) => expect(() => parseKeepingDigits(text)).toThrow(SyntaxError),
  );

  it('is JSON.parse for everything that JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(parseKeepingDigits(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('takes no longer than a text is long, also where nothing is closed', () => {
    const began = performance.now();
    expect(() => parseKeepingDigits('"' + '\\"'.repeat(500_000))).toThrow(SyntaxError);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

describe('how deep a JSON text nests', () => {
  it.each([
    ['[[{}]]', 3],
    ['{"a":[1],"b":{"c":[]}}', 3],
    ['[[],[],[]]', 2],
    ['["[[[[", "\\"[[[", "\\\\"]', 1],
    ['"[[["', 0],
    ['', 0],
    ['[[[', 3],
  ])('%s: %i levels', (text, depth) => {
    expect(nestsDeeperThan(text, depth)).toBe(false);
    if (depth > 0) expect(nestsDeeperThan(text, depth - 1)).toBe(true);
  });

  it('is told of any number of levels', () => {
    expect(nestsDeeperThan('['.repeat(1_000_000), 32)).toBe(true);
  });
});

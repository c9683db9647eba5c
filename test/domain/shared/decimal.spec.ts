import fc from 'fast-check';
import { Decimal, DecimalError } from '../../../src/shared/decimal.js';
import { Ratio } from '../../support/oracle-ratio.js';

const of = (text: string): Decimal => Decimal.parse(text);

/** Around the largest integer that a number holds exactly, where the way of computing changes. */
const edge = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }).map(String),
    fc.integer({ min: 0, max: 15 }),
  )
  .map(([sign, digits, at]) => sign + (at === 0 ? digits : `${digits.slice(0, -at)}.${digits.slice(-at)}`));

/** What prices and sizes look like: a few digits on either side. */
const usual = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.stringMatching(/^\d{1,7}$/),
    fc.option(fc.stringMatching(/^\d{1,8}$/), { nil: '' }),
  )
  .map(([sign, integer, fraction]) => sign + integer + (fraction && `.${fraction}`));

/** Plain digits of any input that is accepted, with leading and trailing zeros. */
const long = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.stringMatching(/^\d{1,24}$/),
    fc.option(fc.stringMatching(/^\d{1,18}$/), { nil: '' }),
  )
  .map(([sign, integer, fraction]) => sign + integer + (fraction && `.${fraction}`));

const inputs = fc.oneof(long, usual, edge);

/** At fewer places than 18: rounded at 18 after it was made smaller by as much, and made larger again. */
function roundedAt(ratio: Ratio, places: number): Ratio {
  const factor = Ratio.of(`1${'0'.repeat(18 - places)}`);
  return ratio.dividedBy(factor).rounded18().times(factor);
}

const same = (decimal: Decimal, ratio: Ratio): void => expect(decimal.toString()).toBe(ratio.toString());

describe('a decimal', () => {
  test('reads what it writes, and writes what a fraction of integers is', () => {
    fc.assert(
      fc.property(inputs, (text) => {
        same(of(text), Ratio.of(text));
        expect(of(of(text).toString()).toString()).toBe(of(text).toString());
        expect(Decimal.stored(of(text).toString()).equals(of(text))).toBe(true);
      }),
    );
  });

  test('adds, subtracts and multiplies exactly', () => {
    fc.assert(
      fc.property(inputs, inputs, inputs, (a, b, c) => {
        same(of(a).plus(of(b)), Ratio.of(a).plus(Ratio.of(b)));
        same(of(a).minus(of(b)), Ratio.of(a).minus(Ratio.of(b)));
        same(of(a).times(of(b)), Ratio.of(a).times(Ratio.of(b)));
        // Products are not rounded on the way: three inputs of 18 decimals make 54.
        same(of(a).times(of(b)).times(of(c)), Ratio.of(a).times(Ratio.of(b)).times(Ratio.of(c)));
        same(Decimal.sum([of(a), of(b), of(c)]), Ratio.sum([a, b, c].map((text) => Ratio.of(text))));
      }),
    );
  });

  test('divides and rounds to the nearest at 18 places, ties to even', () => {
    fc.assert(
      fc.property(inputs, inputs, (a, b) => {
        same(of(a).times(of(b)).rounded(), Ratio.of(a).times(Ratio.of(b)).rounded18());
        if (!of(b).isZero()) same(of(a).dividedBy(of(b)), Ratio.of(a).dividedBy(Ratio.of(b)).rounded18());
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(inputs, inputs, fc.integer({ min: 0, max: 17 }), (a, b, places) => {
        same(of(a).rounded(places), roundedAt(Ratio.of(a), places));
        if (of(b).isZero()) return;
        same(of(a).dividedBy(of(b), places), roundedAt(Ratio.of(a).dividedBy(Ratio.of(b)), places));
      }),
    );
  });

  test('never holds a zero with a sign', () => {
    fc.assert(
      fc.property(usual, (a) => {
        const zeros = [of(a).minus(of(a)), of(a).times(of('0')), of('-0'), of('0').negated()];
        for (const zero of [...zeros, of('0').dividedBy(of('-7')), of('-0.2').rounded(0)]) {
          expect(Object.is(zero.toNumber(), 0)).toBe(true);
          expect(zero.toString()).toBe('0');
        }
      }),
    );
  });

  test('is as a double the nearest one', () => {
    fc.assert(fc.property(inputs, (a) => expect(of(a).toNumber()).toBe(Number(of(a).toString()))));
  });

  test('compares by value, whatever was written', () => {
    fc.assert(
      fc.property(inputs, inputs, (a, b) => {
        const sign = Ratio.of(a).minus(Ratio.of(b)).sign();
        expect(of(a).compare(of(b))).toBe(sign);
        expect([of(a).lessThan(of(b)), of(a).equals(of(b)), of(a).greaterThan(of(b))]).toEqual([
          sign < 0,
          sign === 0,
          sign > 0,
        ]);
        expect(
          Decimal.max(of(a), of(b))
            .minus(Decimal.min(of(a), of(b)))
            .toString(),
        ).toBe(of(a).minus(of(b)).abs().toString());
        expect(of(a).sign()).toBe(Ratio.of(a).sign());
        expect([of(a).isNegative(), of(a).isZero(), of(a).isPositive()]).toEqual(
          [-1, 0, 1].map((s) => s === of(a).sign()),
        );
      }),
    );
  });

  // The quotient lies exactly between two neighbours of 18 places; the even one is taken, on both sides of zero.
  test.each([
    ['1', '2000000000000000000', '0'], // 0.5 of the last place → 0
    ['3', '2000000000000000000', '0.000000000000000002'], // 1.5 → 2
    ['5', '2000000000000000000', '0.000000000000000002'], // 2.5 → 2
    ['7', '2000000000000000000', '0.000000000000000004'], // 3.5 → 4
    ['-1', '2000000000000000000', '0'],
    ['-3', '2000000000000000000', '-0.000000000000000002'],
    ['5', '-2000000000000000000', '-0.000000000000000002'],
    ['-7', '-2000000000000000000', '0.000000000000000004'],
    ['2', '3', '0.666666666666666667'],
    ['-1', '3', '-0.333333333333333333'],
  ])('%s ÷ %s is %s', (a, b, quotient) => expect(of(a).dividedBy(of(b)).toString()).toBe(quotient));

  test.each([
    ['2.5', 0, '2'],
    ['3.5', 0, '4'],
    ['-2.5', 0, '-2'],
    ['-3.5', 0, '-4'],
    ['2.51', 0, '3'],
    ['2.49', 0, '2'],
    ['0.125', 2, '0.12'],
    ['0.375', 2, '0.38'],
    ['-0.005', 2, '0'],
    ['1.2', 5, '1.2'],
  ])('%s at %i places is %s', (value, places, rounded) =>
    expect(of(value).rounded(places).toString()).toBe(rounded),
  );

  test('divides at other places too', () => {
    expect(of('1').dividedBy(of('3'), 2).toString()).toBe('0.33');
    expect(of('123456.789').dividedBy(of('0.001'), 0).toString()).toBe('123456789');
    // More decimals than the places asked for: the divisor grows instead.
    expect(of('0.000000000000000001').dividedBy(of('3'), 2).toString()).toBe('0');
  });

  test('refuses to divide by zero', () => {
    expect(() => of('1').dividedBy(of('0.000'))).toThrow(new DecimalError('division_by_zero'));
  });

  test.each([
    ['0', '0'],
    ['-0', '0'],
    ['+0.000', '0'],
    ['0e999', '0'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['+7', '7'],
    ['007.500', '7.5'],
    ['1e3', '1000'],
    ['1.5E-3', '0.0015'],
    ['-12.34e+2', '-1234'],
    ['0.000000000000000001', '0.000000000000000001'],
    ['1e-18', '0.000000000000000001'],
    ['1000000000000000000e-30', '0.000000000001'],
    ['999999999999999999999999.999999999999999999', '999999999999999999999999.999999999999999999'],
    ['1.5000000000000000000000000', '1.5'],
  ])('reads %s as %s', (text, value) => {
    expect(of(text).toString()).toBe(value);
    expect(of(text).isNegative()).toBe(value.startsWith('-'));
  });

  test.each([
    ...[
      '',
      ' ',
      '.',
      '-',
      '+',
      'e5',
      '1e',
      '1e+',
      '--1',
      '1-',
      '1,5',
      '1_000',
      '0x10',
      ' 1',
      '1 ',
      '1\n',
      '١',
      '1e1000',
      'NaN',
      'Infinity',
      'null',
    ].map((text) => [text, 'not_a_decimal'] as const),
    ['9'.repeat(61), 'not_a_decimal'],
    ['1'.repeat(129), 'not_a_decimal'],
    ['1e-19', 'too_many_decimals'],
    ['0.0000000000000000001', 'too_many_decimals'],
    ['1e-999', 'too_many_decimals'],
    ['1000000000000000000000000', 'too_large'],
    ['1e24', 'too_large'],
    ['1e999', 'too_large'],
    ['-1e24', 'too_large'],
  ] as const)('refuses %j as %s', (text, reason) => expect(() => of(text)).toThrow(new DecimalError(reason)));

  test('refuses or reads any text, and never makes a large number of a short one', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[+-]?\d{0,30}\.?\d{0,30}([eE][+-]?\d{0,4})?$/)),
        (text) => {
          try {
            expect(of(text).toString()).toMatch(/^-?\d{1,24}(\.\d{1,18})?$/);
          } catch (error) {
            expect(error).toBeInstanceOf(DecimalError);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('reads from the database more digits than from outside, and nothing but digits', () => {
    const long = `-${'7'.repeat(80)}.${'3'.repeat(54)}`;
    expect(Decimal.stored(long).toString()).toBe(long);
    expect(Decimal.stored('1.500').toString()).toBe('1.5');
    for (const text of ['', 'NaN', 'Infinity', '1e5', '+1', '.5', '1.', '1 ']) {
      expect(() => Decimal.stored(text)).toThrow(new DecimalError('not_a_decimal'));
    }
  });

  test('takes whole numbers and no others', () => {
    expect([Decimal.integer(-3).toString(), Decimal.integer(10n ** 30n).toString()]).toEqual([
      '-3',
      `1${'0'.repeat(30)}`,
    ]);
    expect(() => Decimal.integer(1.5)).toThrow(RangeError);
  });

  test('inside a document is exact text', () => {
    expect(JSON.stringify({ price: of('0.100') })).toBe('{"price":"0.1"}');
    expect(of('42741.13').toNumber()).toBe(42741.13);
  });
});

import fc from 'fast-check';
import { Decimal } from '../../../src/shared/decimal.js';
import { RunningSum } from '../../../src/shared/running-sum.js';

const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), fc.nat(24), fc.nat(18))
  .map(([units, shorter, places]) =>
    Decimal.integer(units / 10n ** BigInt(shorter)).dividedBy(Decimal.integer(10n ** BigInt(places))),
  );

describe('a sum that goes on in place', () => {
  it('is at every step what plus and minus give, to the last digit', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(decimal, fc.constantFrom(1 as const, -1 as const))), (steps) => {
        const sum = new RunningSum();
        let exact = Decimal.ZERO;
        for (const [value, sign] of steps) {
          value.addTo(sum, sign);
          exact = sign === 1 ? exact.plus(value) : exact.minus(value);
          expect(sum.value.toString()).toBe(exact.toString());
        }
      }),
      { numRuns: 500 },
    );
  });

  it('takes in products as they would be alone, and gives what it comes to with one more value on top', () => {
    const product = fc.tuple(decimal, decimal, fc.constantFrom(1 as const, -1 as const));
    fc.assert(
      fc.property(decimal, fc.array(product), decimal, (first, products, last) => {
        const sum = RunningSum.from(first);
        let exact = first;
        for (const [value, times, sign] of products) {
          sum.addProduct(value, times, sign);
          exact = sign === 1 ? exact.plus(value.times(times)) : exact.minus(value.times(times));
          expect(sum.plus(last).toString()).toBe(exact.plus(last).toString());
        }
        expect(sum.value.toString()).toBe(exact.toString());
      }),
      { numRuns: 500 },
    );
  });

  it('goes beyond the safe integers and comes back', () => {
    const sum = new RunningSum();
    const largest = Decimal.integer(Number.MAX_SAFE_INTEGER);
    for (const value of [largest, largest, Decimal.parse('0.5'), largest.negated()]) sum.add(value);
    expect(sum.value.toString()).toBe('9007199254740991.5');
    largest.addTo(sum, -1);
    expect([sum.value.toString(), sum.value.equals(Decimal.parse('0.5'))]).toEqual(['0.5', true]);
  });

  it('is zero before anything came, and after all was taken away', () => {
    const sum = new RunningSum();
    expect(sum.value.toString()).toBe('0');
    sum.add(Decimal.parse('1.25'));
    Decimal.parse('1.250').addTo(sum, -1);
    expect(sum.value.isZero()).toBe(true);
  });
});

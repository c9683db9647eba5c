import fc from 'fast-check';
import type { Excursion, OpenPart, PriceRange } from '../../../src/positions/domain/excursion.js';
import {
  joinExcursions,
  joinRanges,
  newExcursion,
  sameExcursion,
  widenExcursion,
  widenRange,
} from '../../../src/positions/domain/excursion.js';
import { Decimal } from '../../../src/shared/decimal.js';

const d = (value: number | string) => Decimal.stored(String(value));
const range = (low: number, high: number, since = 0): PriceRange => ({ low: d(low), high: d(high), since });
const part = (
  side: 'LONG' | 'SHORT',
  quantity = 1,
  entry: number | null = 100,
  cost: number | null = null,
): OpenPart => ({
  ...{ side, quantity: d(quantity) },
  entryPrice: entry === null ? null : d(entry),
  cost: cost === null ? null : d(cost),
});
const text = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const after = (steps: readonly (readonly [OpenPart, PriceRange])[]) =>
  steps.reduce((seen, [open, moved]) => widenExcursion(seen, open, moved), newExcursion(steps[0]![0]));
const at = (price: number, quantity = 1, cost: number | null = null) =>
  text({ price: d(price), quantity: d(quantity), cost: cost === null ? null : d(cost) });

describe('the range of marks', () => {
  it('holds the lowest and the highest, and when the first was seen', () => {
    const seen = [105, 95, 110, 100].reduce<PriceRange | null>(
      (all, price, i) => widenRange(all, d(price), i + 7),
      null,
    );
    expect(text(seen)).toEqual({ low: '95', high: '110', since: 7 });
  });

  it('is the same when nothing new was seen', () => {
    const seen = range(95, 110);
    expect([widenRange(seen, d(95), 9), widenRange(seen, d(110), 9), widenRange(seen, d(100), 9)]).toEqual([
      seen,
      seen,
      seen,
    ]);
  });

  it('joins another', () => {
    expect(text(joinRanges(range(95, 100, 5), range(97, 120, 3)))).toEqual({
      low: '95',
      high: '120',
      since: 3,
    });
  });
});

describe('the excursion of a trade', () => {
  it('of a long is worst at the low and best at the high, of a short the other way round', () => {
    expect(text(after([[part('LONG'), range(90, 120, 5)]]))).toEqual({
      ...{
        side: 'LONG',
        entryPrice: '100',
        low: '90',
        high: '120',
        adverse: at(90),
        favourable: at(120),
        firstMarkAt: 5,
      },
    });
    const short = after([[part('SHORT'), range(90, 120, 5)]]);
    expect([text(short.adverse), text(short.favourable)]).toEqual([at(120), at(90)]);
  });

  it('only ever widens', () => {
    const seen = after([
      [part('LONG'), range(90, 120, 5)],
      [part('LONG'), range(95, 110, 9)],
    ]);
    expect([text(seen.adverse), text(seen.favourable), String(seen.low), seen.firstMarkAt]).toEqual([
      at(90),
      at(120),
      '90',
      5,
    ]);
  });

  it('is in money where most was at stake, not where the price was furthest', () => {
    const seen = after([
      [part('LONG', 2), range(90, 104)],
      [part('LONG', 1), range(85, 106)],
    ]);
    // −20 against −15; 8 against 6. The price went to 85 and 106.
    expect([text(seen.adverse), text(seen.favourable)]).toEqual([at(90, 2), at(104, 2)]);
    expect([String(seen.low), String(seen.high)]).toEqual(['85', '106']);
  });

  it('is against what was paid where fills average', () => {
    const seen = after([
      [part('LONG', 1, 100, 100), range(95, 95)],
      [part('LONG', 2, 97, 194), range(94, 94)],
    ]);
    // 95 − 100 = −5, 188 − 194 = −6.
    expect(text(seen.adverse)).toEqual(at(94, 2, 194));
  });

  it('waits for an entry price, and keeps the one that was known', () => {
    const blind = after([[part('LONG', 1, null), range(90, 120)]]);
    expect([blind.adverse, blind.favourable, String(blind.low)]).toEqual([null, null, '90']);
    const told = widenExcursion(blind, part('LONG'), range(99, 101));
    expect([text(told.adverse), text(told.favourable)]).toEqual([at(99), at(101)]);
    expect(String(widenExcursion(told, part('LONG', 1, null), range(99, 101)).entryPrice)).toBe('100');
  });

  it('is measured anew when an entry price is corrected', () => {
    // From 100 the worst was −5 at quantity 2, from 90 it is −1 at 89.
    const stoodIn = after([[part('LONG', 2, 100), range(97, 97)]]);
    const seen = widenExcursion(stoodIn, part('LONG', 1, 90), range(89, 91));
    expect(text(seen.adverse)).toEqual(at(89));
  });

  it('joins what another saw', () => {
    const [a, b] = [after([[part('LONG'), range(90, 101, 4)]]), after([[part('LONG'), range(95, 120, 2)]])];
    const both = joinExcursions(a, b);
    expect([text(both.adverse), text(both.favourable), both.firstMarkAt]).toEqual([at(90), at(120), 2]);
    expect(text(joinExcursions(newExcursion(part('LONG')), a))).toEqual(text(a));
    expect(text(joinExcursions(a, newExcursion(part('LONG', 1, null))))).toEqual(text(a));
    expect(joinExcursions(newExcursion(part('LONG')), newExcursion(part('LONG'))).low).toBeNull();
  });

  it('is the same when all of it is', () => {
    const seen = after([[part('LONG'), range(90, 120, 5)]]);
    const again = after([[part('LONG'), range(90, 120, 5)]]);
    expect(sameExcursion(seen, again)).toBe(true);
    expect(sameExcursion(seen, widenExcursion(seen, part('LONG'), range(95, 96, 9)))).toBe(true);
    const others: Partial<Excursion>[] = [
      { side: 'SHORT' },
      { entryPrice: d(99) },
      { entryPrice: null },
      { low: d(89) },
      { high: d(121) },
      { firstMarkAt: 6 },
      { adverse: null },
      { adverse: { price: d(91), quantity: d(1), cost: null } },
      { adverse: { price: d(90), quantity: d(2), cost: null } },
      { favourable: { price: d(120), quantity: d(1), cost: d(1) } },
    ];
    expect(others.filter((other) => sameExcursion(seen, { ...seen, ...other }))).toEqual([]);
  });

  it('is that of every single mark, however they were gathered into ranges', () => {
    const marks = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 12 });
    const stage = fc.record({ quantity: fc.integer({ min: 1, max: 5 }), marks });
    const sides = fc.constantFrom('LONG' as const, 'SHORT' as const);
    fc.assert(
      fc.property(sides, fc.array(stage, { minLength: 1, maxLength: 5 }), (side, stages) => {
        const seen = after(
          stages.map(({ quantity, marks: seenThen }) => [
            part(side, quantity),
            range(Math.min(...seenThen), Math.max(...seenThen)),
          ]),
        );
        const sign = side === 'LONG' ? 1 : -1;
        const worths = stages.flatMap(({ quantity, marks: seenThen }) =>
          seenThen.map((price) => sign * (price - 100) * quantity),
        );
        const worth = ({ price, quantity }: NonNullable<Excursion['adverse']>) =>
          sign * (price.toNumber() - 100) * quantity.toNumber();
        expect([worth(seen.adverse!), worth(seen.favourable!)]).toEqual([
          Math.min(...worths),
          Math.max(...worths),
        ]);
      }),
      { numRuns: 300 },
    );
  });
});

import type { Excursion, OpenPart, PriceRange } from '../../../src/positions/domain/excursion.js';
import {
  joinExcursions,
  joinRanges,
  newExcursion,
  sameExcursion,
  widenExcursion,
  widenRange,
} from '../../../src/positions/domain/excursion.js';
import { d, text } from '../positions/facts.js';

const part = (
  told: Partial<Record<'qty' | 'entry' | 'cost', string | null>>,
  side: 'LONG' | 'SHORT' = 'LONG',
) => {
  const { qty = '1', entry = '100', cost = null } = told;
  return {
    side,
    quantity: d(qty!),
    entryPrice: entry === null ? null : d(entry),
    cost: cost === null ? null : d(cost),
  };
};
const range = (low: string, high: string, since = 10): PriceRange => ({ low: d(low), high: d(high), since });
const fresh = (of: OpenPart) => newExcursion(of);
/** The prices of the worst and the best moment. */
const ends = ({ adverse, favourable }: Excursion) => [text(adverse?.price), text(favourable?.price)];

describe('the range of marks', () => {
  it('starts at the first mark and widens to both sides; what lies between changes nothing', () => {
    const first = widenRange(null, d(10), 5);
    expect(first).toEqual(range('10', '10', 5));
    const wide = widenRange(widenRange(first, d(8), 6), d(12), 7);
    expect(wide).toEqual(range('8', '12', 5));
    for (const price of [8, 9, 12]) expect(widenRange(wide, d(price), 8)).toBe(wide);
  });

  it('is with another one the lowest, the highest and the earliest of both', () => {
    expect(joinRanges(range('8', '11', 7), range('9', '12', 5))).toEqual(range('8', '12', 5));
    expect(joinRanges(range('9', '12', 5), range('8', '11', 7))).toEqual(range('8', '12', 5));
  });
});

describe('the excursion of a trade', () => {
  it('is worst at the low and best at the high for a long, the other way round for a short', () => {
    expect(ends(widenExcursion(fresh(part({})), part({}), range('90', '105')))).toEqual(['90', '105']);
    const short = part({}, 'SHORT');
    expect(ends(widenExcursion(fresh(short), short, range('90', '105')))).toEqual(['105', '90']);
  });

  it('knows its low, its high and its first mark, and only ever widens', () => {
    const first = widenExcursion(fresh(part({})), part({}), range('95', '105', 10));
    const inside = widenExcursion(first, part({}), range('97', '101', 20));
    expect(sameExcursion(inside, first)).toBe(true);
    const wider = widenExcursion(first, part({}), range('94', '106', 20));
    expect([text(wider.low), text(wider.high), wider.firstMarkAt, ...ends(wider)]).toEqual([
      '94',
      '106',
      10,
      '94',
      '106',
    ]);
  });

  it('is measured in money: after a partial close a deeper price may be a smaller loss', () => {
    const whole = widenExcursion(fresh(part({ qty: '2' })), part({ qty: '2' }), range('90', '110'));
    const half = widenExcursion(whole, part({ qty: '1' }), range('85', '115'));
    // −10 × 2 = −20 beats −15 × 1, and 10 × 2 = 20 beats 15 × 1.
    expect([...ends(half), text(half.low), text(half.high)]).toEqual(['90', '110', '85', '115']);
    expect(text(half.adverse!.quantity)).toBe('2');
  });

  it('is the same for a short, signs turned', () => {
    const two = part({ qty: '2' }, 'SHORT');
    const whole = widenExcursion(fresh(two), two, range('90', '110'));
    expect(ends(widenExcursion(whole, part({ qty: '1' }, 'SHORT'), range('85', '115')))).toEqual([
      '110',
      '90',
    ]);
    expect(ends(widenExcursion(whole, part({ qty: '2' }, 'SHORT'), range('85', '115')))).toEqual([
      '115',
      '85',
    ]);
  });

  it('counts what fills had cost where they average into it, with or without an entry price', () => {
    const first = part({ qty: '1', cost: '100', entry: null });
    const seen = widenExcursion(fresh(first), first, range('98', '103'));
    // Extended at 104: 2 cost 204, so 101 is −2 as 98 was, and 104 is +4 where 103 was +3.
    const more = widenExcursion(seen, part({ qty: '2', cost: '204', entry: null }), range('100.9', '104'));
    expect(ends(more)).toEqual(['100.9', '104']);
    expect([text(more.adverse!.cost), text(more.favourable!.cost)]).toEqual(['204', '204']);
    expect(
      ends(widenExcursion(seen, part({ qty: '2', cost: '204', entry: null }), range('101', '103.5'))),
    ).toEqual(['98', '103']);
  });

  it('has no worst and no best while no entry price is known, but a low and a high', () => {
    const unpriced = part({ entry: null });
    const seen = widenExcursion(fresh(unpriced), unpriced, range('90', '110'));
    expect([...ends(seen), text(seen.low), text(seen.high), seen.firstMarkAt]).toEqual([
      null,
      null,
      '90',
      '110',
      10,
    ]);
    const priced = widenExcursion(seen, part({ entry: '100' }), range('95', '104', 20));
    expect([...ends(priced), text(priced.low), text(priced.entryPrice)]).toEqual(['95', '104', '90', '100']);
  });

  it('keeps the entry price it knew when the part does not tell one', () => {
    const seen = widenExcursion(fresh(part({ entry: '100' })), part({ entry: null }), range('90', '110'));
    expect([text(seen.entryPrice), ...ends(seen)]).toEqual(['100', '90', '110']);
  });

  it('moves with an entry price that is corrected later', () => {
    const short = part({ qty: '1', entry: '100' }, 'SHORT');
    const seen = widenExcursion(fresh(short), short, range('90', '101'));
    const corrected = joinExcursions(seen, fresh(part({ entry: '120' }, 'SHORT')));
    expect([text(corrected.entryPrice), ...ends(corrected)]).toEqual(['120', '101', '90']);
  });
});

describe('two observers of one trade', () => {
  const one = widenExcursion(fresh(part({})), part({}), range('92', '104', 20));
  const other = widenExcursion(fresh(part({})), part({}), range('95', '109', 10));

  it('know together the extremes and the first mark of both, in either order', () => {
    for (const both of [joinExcursions(one, other), joinExcursions(other, one)]) {
      expect([...ends(both), text(both.low), text(both.high), both.firstMarkAt]).toEqual([
        '92',
        '109',
        '92',
        '109',
        10,
      ]);
    }
  });

  it('lose nothing to one who saw nothing', () => {
    const nothing = fresh(part({ entry: null }));
    expect(sameExcursion(joinExcursions(one, nothing), one)).toBe(true);
    expect(sameExcursion(joinExcursions(nothing, one), one)).toBe(true);
  });

  it('take the later one’s entry price, and its side', () => {
    const both = joinExcursions(fresh(part({ entry: '1' })), fresh(part({ entry: '2' }, 'SHORT')));
    expect([text(both.entryPrice), both.side]).toEqual(['2', 'SHORT']);
  });
});

describe('two excursions', () => {
  const seen = () => widenExcursion(fresh(part({ cost: '100' })), part({ cost: '100' }), range('90', '110'));
  const extreme = { price: d(90), quantity: d(1), cost: d(100) };

  it('are the same when they say the same, whoever made them', () => {
    expect(sameExcursion(seen(), seen())).toBe(true);
    expect(sameExcursion(fresh(part({})), fresh(part({})))).toBe(true);
    expect(sameExcursion(fresh(part({ entry: null })), fresh(part({ entry: null })))).toBe(true);
  });

  it.each<[string, Partial<Excursion>]>([
    ['the side', { side: 'SHORT' }],
    ['the first mark', { firstMarkAt: 11 }],
    ['the entry price', { entryPrice: d(101) }],
    ['a price that is not known', { entryPrice: null }],
    ['the low', { low: d(89) }],
    ['the high', { high: d(111) }],
    ['a high that was not seen', { high: null }],
    ['the price of the worst', { adverse: { ...extreme, price: d(91) } }],
    ['the quantity of the worst', { adverse: { ...extreme, quantity: d(2) } }],
    ['the cost of the worst', { adverse: { ...extreme, cost: d(99) } }],
    ['a cost that is not known', { adverse: { ...extreme, cost: null } }],
    ['a worst that is not known', { adverse: null }],
    ['the best', { favourable: { ...extreme, price: d(111) } }],
    ['a best that is not known', { favourable: null }],
  ])('differ by %s', (_, change) => {
    expect(sameExcursion(seen(), { ...seen(), ...change })).toBe(false);
    expect(sameExcursion({ ...seen(), ...change }, seen())).toBe(false);
  });
});

import { heldSides } from '../../../src/positions/domain/held-trades.js';
import type { Excursion } from '../../../src/positions/domain/excursion.js';
import { newExcursion, sameExcursion, widenExcursion } from '../../../src/positions/domain/excursion.js';
import { d, opened, text } from '../positions/facts.js';
import { ledger } from '../positions/ledger.js';

const range = (low: string, high: string) => ({ low: d(low), high: d(high), since: 10 });
const ends = ({ adverse, favourable }: Excursion) => [text(adverse?.price), text(favourable?.price)];

describe('the excursion of a trade', () => {
  it('counts what fills had cost where they average into it, even without an entry price', () => {
    const part = { side: 'LONG', quantity: d(1), entryPrice: null, cost: d(100) } as const;
    const seen = widenExcursion(newExcursion(part), part, range('98', '103'));
    expect(ends(seen)).toEqual(['98', '103']);
    // Extended at 104: 2 cost 204, so 101 is −2 as 98 was, and 104 is +4 where 103 was +3.
    const more = { ...part, quantity: d(2), cost: d(204) };
    expect(ends(widenExcursion(seen, more, range('101', '104')))).toEqual(['98', '104']);
  });

  it('differs from one that has no worst or no best yet', () => {
    const part = { side: 'LONG', quantity: d(1), entryPrice: d(100), cost: null } as const;
    const seen = widenExcursion(newExcursion(part), part, range('98', '103'));
    for (const other of [
      { ...seen, adverse: null },
      { ...seen, favourable: null },
    ])
      expect([sameExcursion(seen, other), sameExcursion(other, seen)]).toEqual([false, false]);
  });

  it('is the same where no mark was seen yet', () => {
    const part = { side: 'LONG', quantity: d(1), entryPrice: d(100), cost: null } as const;
    expect(sameExcursion(newExcursion(part), newExcursion(part))).toBe(true);
  });
});

describe('a side that is held', () => {
  const { book } = ledger([opened({ id: 'A', at: 1, qty: 1, price: 10 })]);

  it('tells the mark that values it, or that none was ever seen', () => {
    const mark = { price: d(11), at: 7, source: 'market.tick' } as const;
    expect([heldSides(book, mark)[0]!.mark, heldSides(book, undefined)[0]!.mark]).toEqual([mark, null]);
  });
});

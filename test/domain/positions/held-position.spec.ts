import fc from 'fast-check';
import { basesOf } from '../../../src/positions/domain/position.js';
import { isStale, SymbolValue } from '../../../src/positions/domain/valuation.js';
import { HeldPosition, PlacedBase, positionBody } from '../../../src/positions/queries/held-position.js';
import { jsonText } from '../../../src/shared/json-text.js';
import { d, opened } from './facts.js';
import { ledger } from './ledger.js';

const amount = fc.tuple(fc.integer({ min: 1, max: 2 ** 40 }), fc.nat(6)).map(([n, places]) => [n, places]);
const held = fc.record({
  side: fc.constantFrom('LONG' as const, 'SHORT' as const),
  qty: amount,
  price: fc.option(amount),
  mark: fc.option(amount),
  leverage: fc.option(fc.constantFrom('3', '12.5')),
  sector: fc.constantFrom('L1', 'say "what" \\ é'),
  staleBefore: fc.constantFrom(0, 100),
});
const decimalOf = ([units, places]: number[]) => d(units!).dividedBy(d(10 ** places!));

describe('the text of a position', () => {
  it('is that of its members, whatever is known of it, with numbers and with strings', () => {
    fc.assert(
      fc.property(held, ({ side, qty, price, mark: told, leverage, sector, staleBefore }) => {
        const row = { id: 'A', at: 1, side, leverage, qty: decimalOf(qty).toString() };
        const { book } = ledger([opened({ ...row, price: price && decimalOf(price).toString() })]);
        const mark = told ? { price: decimalOf(told), at: 50, source: 'market.tick' as const } : undefined;
        const [base] = basesOf(book);
        const placed = new PlacedBase(base!, sector, 'CORE');
        const value = SymbolValue.of(book, mark);
        const position = new HeldPosition(placed, value, isStale(mark, staleBefore));
        for (const strings of [false, true, false]) {
          expect(position.text(strings)).toBe(jsonText(positionBody(position), strings));
          expect(jsonText([position], strings)).toBe(`[${position.text(strings)}]`);
        }
        const doubts = [position.priceStale, mark === undefined, position.entryUnknown];
        expect(position.isDoubtful).toBe(doubts.includes(true));
      }),
      { numRuns: 300 },
    );
  });
});

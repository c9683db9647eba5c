import fc from 'fast-check';
import { TradeChanges } from '../../../src/positions/domain/changes.js';
import { applyOpen } from '../../../src/positions/domain/open-trade.js';
import type { ValueTotals } from '../../../src/positions/domain/valuation.js';
import { MarkPrices } from '../../../src/positions/mark-prices.js';
import { PositionsState } from '../../../src/positions/positions-state.js';
import { Decimal } from '../../../src/shared/decimal.js';
import { d, entryOf, opened, text } from './facts.js';
import { worthOf } from './ledger.js';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT', '1000PEPEUSDT'];
const symbol = fc.constantFrom(...SYMBOLS);
/** From a few units to more than a safe integer has digits for, with up to nine decimals. */
const price = fc
  .tuple(fc.integer({ min: 1, max: 2 ** 50 }), fc.integer({ min: 0, max: 9 }))
  .map(([units, places]) => d(units).dividedBy(d(10 ** places)));

const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('tick' as const), symbol, price }) },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ do: fc.constant('open' as const), symbol, qty: price, price: fc.option(price) },
      side: fc.constantFrom('LONG' as const, 'SHORT' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const), symbol }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('ask' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('commit' as const) }) },
);

/** The slow walk: every symbol valued anew from nothing. */
function fromScratch(state: PositionsState, marks: MarkPrices): ValueTotals {
  const values = [...state.held()].map((book) => worthOf(book, marks.find(book.symbol)));
  const sumOf = (name: keyof ValueTotals) => Decimal.sum(values.map((value) => value[name]));
  return { unrealized: sumOf('unrealized'), long: sumOf('long'), short: sumOf('short') };
}

const texts = ({ unrealized, long, short }: ValueTotals) => [unrealized, long, short].map(text);

describe('what ticks do to the value of an account', () => {
  it('is at every one of them what valuing everything anew would give, and so are the sums when they are asked for', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const marks = new MarkPrices({ MARK_SOURCES: ['market.tick'], STALE_MARK_SEC: 60 });
        let state = new PositionsState(marks);
        for (const [at, one] of steps.entries()) {
          if (one.do === 'tick') {
            const mark = {
              kind: 'mark',
              symbol: one.symbol,
              price: one.price,
              at,
              source: 'market.tick',
            } as const;
            marks.offer(mark, at);
            if (state.find(one.symbol)?.open.size) state.follow(one.symbol, mark);
          } else if (one.do === 'open') {
            const row = {
              id: `T${at}`,
              at: at + 1,
              qty: one.qty.toString(),
              price: one.price && text(one.price),
              side: one.side,
            };
            applyOpen(
              state.edit(one.symbol),
              entryOf({ ...opened(row), symbol: one.symbol }, at + 1),
              new TradeChanges(),
            );
            state.standIn(one.symbol);
            state.revalue(one.symbol);
          } else if (one.do === 'close') {
            const book = state.edit(one.symbol);
            for (const trade of book.open.values()) book.put({ ...trade, status: 'CLOSED', remaining: d(0) });
            state.revalue(one.symbol);
          } else if (one.do === 'commit') {
            const before = state;
            state = state.fork();
            state.catchUp(before);
          } else expect(texts(state.totals)).toEqual(texts(fromScratch(state, marks)));
          expect(text(state.unrealized)).toBe(text(fromScratch(state, marks).unrealized));
        }
        expect(texts(state.totals)).toEqual(texts(fromScratch(state, marks)));
        expect(state.totals).toBe(state.totals);
      }),
      { numRuns: 300 },
    );
  });
});

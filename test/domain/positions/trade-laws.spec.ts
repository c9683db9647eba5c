import fc from 'fast-check';
import { splitByQuantity, allocateClose } from '../../../src/positions/domain/close-parts.js';
import { tradeOf } from '../../../src/positions/domain/open-trade.js';
import { Decimal } from '../../../src/shared/decimal.js';
import type { CloseRow, OpenRow, TradeFact } from './facts.js';
import { closed, d, entryOf, executed, opened } from './facts.js';
import { fees, prices, sizes } from './arrivals.js';
import { ledger, worthOf } from './ledger.js';
import { LiveSymbol } from './live-symbol.js';

const RUNS = { numRuns: 400 };
const sum = (values: Iterable<Decimal>) => Decimal.sum(values);

/** Opens with known prices, each at its own time, then closes that tell their size and price. */
const opens = fc
  .array(fc.record({ side: fc.constantFrom('LONG', 'SHORT'), qty: sizes, price: prices, fee: fees }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((rows) => rows.map((row, i): OpenRow => ({ ...row, side: row.side, id: `T${i}`, at: i })));
const closes = fc
  .array(
    fc.record({
      id: fc.option(fc.constantFrom('T0', 'T1', 'T2')),
      side: fc.constantFrom('LONG', 'SHORT'),
      qty: sizes,
      exit: prices,
      fee: fees,
    }),
    { maxLength: 8 },
  )
  .map((rows) => rows.map((row, i): CloseRow => ({ ...row, side: row.side, at: 100 + i, order: `o${i}` })));

const factsOf = (opening: readonly OpenRow[], closing: readonly CloseRow[]): TradeFact[] => [
  ...opening.map(opened),
  ...closing.map(closed),
];

const signed = (side: string | null, size: Decimal) => (side === 'LONG' ? size : size.negated());

/** Closes that found their trade: the rest is waiting and counts as no cash of these positions. */
function cashFlow(book: ReturnType<typeof ledger>, opening: readonly OpenRow[]): Decimal {
  const paid = opening.map((row) => signed(row.side!, d(row.qty)).times(d(row.price!)).negated());
  const got = book.bookings
    .filter(({ kind, tradeId }) => kind === 'close' && book.trade(tradeId).status !== 'ORPHAN')
    .map((row) => signed(book.trade(row.tradeId).side, row.quantity!).times(row.exitPrice!));
  return sum([...paid, ...got]);
}

const matched = (book: ReturnType<typeof ledger>) =>
  book.bookings.filter(
    ({ kind, tradeId }) => kind === 'opening_fee' || book.trade(tradeId).status !== 'ORPHAN',
  );

describe('laws of trades', () => {
  it('realized + unrealized = cash flow + notional − fees, exactly', () => {
    fc.assert(
      fc.property(opens, closes, prices, (opening, closing, price) => {
        const book = ledger(factsOf(opening, closing));
        const value = worthOf(book.book, { price: d(price), at: 0, source: 'mark_price' });
        const paid = sum(matched(book).map(({ fee }) => fee!));
        const realized = sum(matched(book).map(({ amount }) => amount!));
        const worth = cashFlow(book, opening).plus(value.long).minus(value.short).minus(paid);
        expect(realized.plus(value.unrealized).toString()).toBe(worth.toString());
      }),
      RUNS,
    );
  });

  it('a position is the signed sum of what opened and closed, and its trades add up to it', () => {
    fc.assert(
      fc.property(opens, closes, (opening, closing) => {
        const book = ledger(factsOf(opening, closing));
        for (const side of ['LONG', 'SHORT'] as const) {
          const came = sum(opening.filter((row) => row.side === side).map((row) => d(row.qty)));
          const went = sum(
            matched(book)
              .filter(({ kind, tradeId }) => kind === 'close' && book.trade(tradeId).side === side)
              .map(({ quantity }) => quantity!),
          );
          const trades = [...book.book.open.values()].filter((trade) => trade.side === side);
          const held = book.book.holding(side);
          expect(held.quantity.toString()).toBe(came.minus(went).toString());
          expect(held.quantity.toString()).toBe(sum(trades.map(({ remaining }) => remaining)).toString());
          expect(held.trades).toBe(trades.length);
          expect(held.costBasis.toString()).toBe(
            sum(trades.map(({ remaining, entryPrice }) => remaining.times(entryPrice!))).toString(),
          );
        }
      }),
      RUNS,
    );
  });

  it('flat costs exactly nothing, whatever was held and at whatever prices', () => {
    fc.assert(
      fc.property(opens, closes, (opening, closing) => {
        const last = (['LONG', 'SHORT'] as const).map((side, i) => ({
          at: 900 + i,
          side,
          exit: '1',
          order: `last${i}`,
        }));
        const { book } = ledger(factsOf(opening, [...closing, ...last]));
        for (const side of ['LONG', 'SHORT'] as const) {
          const { quantity, pricedQuantity, costBasis, trades } = book.holding(side);
          expect([quantity, pricedQuantity, costBasis].map(String)).toEqual(['0', '0', '0']);
          expect(trades).toBe(0);
        }
      }),
      RUNS,
    );
  });

  it('a trade’s net result is the sum of what was booked on it, its opening fee inside it once', () => {
    fc.assert(
      fc.property(opens, closes, (opening, closing) => {
        const book = ledger(factsOf(opening, closing));
        for (const { id, fee } of opening) {
          const trade = book.trade(id);
          const own = book.bookings.filter(({ tradeId }) => tradeId === id);
          expect(trade.realizedPnl.toString()).toBe(sum(own.map(({ amount }) => amount!)).toString());
          if (trade.status === 'CLOSED') expect(trade.feeAttributed.toString()).toBe(d(fee!).toString());
        }
      }),
      RUNS,
    );
  });

  it('splitting a close into two at one price changes nothing in the totals', () => {
    fc.assert(
      fc.property(
        opens,
        fc.integer({ min: 1, max: 9 }),
        sizes,
        prices,
        fees,
        fc.boolean(),
        (opening, tenth, qty, exit, fee, named) => {
          const id = named ? 'T0' : null;
          const row = { id, side: opening[0]!.side!, exit, at: 200 };
          const part = d(qty).times(d(tenth)).times(d('0.1'));
          const partFee = d(fee).times(d(tenth)).times(d('0.1'));
          const one = ledger(factsOf(opening, [{ ...row, qty, fee }]));
          const two = ledger(
            factsOf(opening, [
              { ...row, qty: part.toString(), fee: partFee.toString() },
              { ...row, at: 201, qty: d(qty).minus(part).toString(), fee: d(fee).minus(partFee).toString() },
            ]),
          );
          // What is beyond what is open takes its share of the fee with it: only closes that fit are the same in parts.
          fc.pre([...one.doubts, ...two.doubts].every(({ kind }) => kind !== 'over_close'));
          expect(two.realized).toBe(one.realized);
          for (const side of ['LONG', 'SHORT'] as const) {
            expect(JSON.stringify(two.book.holding(side))).toBe(JSON.stringify(one.book.holding(side)));
          }
        },
      ),
      RUNS,
    );
  });

  it('what is split pro rata adds up to the last digit', () => {
    const thousandths = fc
      .integer({ min: 1, max: 99_999 })
      .map((units) => Decimal.integer(units).times(d('0.001')));
    fc.assert(
      fc.property(
        fc.integer().map(String),
        fc.array(thousandths, { minLength: 1, maxLength: 9 }),
        (amount, quantities) => {
          const parts = splitByQuantity(d(amount), quantities);
          expect([parts.length, sum(parts).toString()]).toEqual([
            quantities.length,
            amount === '-0' ? '0' : amount,
          ]);
        },
      ),
      RUNS,
    );
    expect(splitByQuantity(d(5), [])).toEqual([]);
  });

  it('the parts of a close take no more than it wants nor than is open, and all of one of the two', () => {
    fc.assert(
      fc.property(opens, sizes, prices, (opening, qty, pnl) => {
        const targets = opening.map((row) => tradeOf(entryOf(opened(row), 1)));
        const { parts, surplus } = allocateClose(closed({ at: 0, qty, pnl }), targets);
        const taken = sum(parts.map(({ quantity }) => quantity));
        const open = sum(targets.map(({ remaining }) => remaining));
        expect(taken.plus(surplus).toString()).toBe(d(qty).toString());
        expect(taken.toString()).toBe(Decimal.min(open, d(qty)).toString());
        expect(parts.every(({ quantity, trade }) => !quantity.greaterThan(trade.remaining))).toBe(true);
        if (surplus.isZero())
          expect(sum(parts.map(({ reported }) => reported!)).toString()).toBe(d(pnl).toString());
      }),
      RUNS,
    );
  });
});

/** Facts of one day that do not contradict each other: each open in one or two messages, each close and execution its own. */
const day = fc
  .tuple(
    fc.array(
      fc.record({ price: fc.option(prices), fee: fc.option(fees), more: fc.boolean(), at: fc.nat(8) }),
      { maxLength: 3 },
    ),
    fc.array(
      fc.record({
        id: fc.option(fc.constantFrom('T0', 'T1', 'T2')),
        at: fc.nat(12),
        side: fc.option(fc.constantFrom('LONG' as const, 'SHORT' as const), { freq: 4 }),
        qty: fc.option(sizes),
        entry: fc.option(prices),
        exit: fc.option(prices, { freq: 4 }),
        pnl: fc.option(fc.constantFrom('1', '-2.5', '0.3')),
        fee: fc.option(fees),
      }),
      { maxLength: 6 },
    ),
    fc.array(fc.record({ at: fc.nat(3), trade: fc.constantFrom('T0', 'T1', 'T2'), price: prices }), {
      maxLength: 3,
    }),
  )
  .map(([opening, closing, executions]): TradeFact[] => [
    ...opening.flatMap(({ price, fee, more, at }, i) => {
      const row = { id: `T${i}`, at, qty: '3', side: i === 2 ? ('SHORT' as const) : ('LONG' as const) };
      return [
        opened({ ...row, price: more ? null : price, fee }),
        ...(more ? [opened({ ...row, price, fee })] : []),
      ];
    }),
    ...closing.map((row, i) => closed({ ...row, order: `o${i}` })),
    ...executions.map((row, i) => executed({ ...row, order: `x${i}` })),
  ]);

/** What the order of arrival must not touch: money and trades, without the places in the ledger. */
function endState(symbol: LiveSymbol): unknown {
  const withoutPlace = (row: object) =>
    JSON.stringify(Object.entries({ ...row, version: 0, openedVersion: 0, receivedAt: 0 }).sort());
  const { trades, bookings, discrepancies, unmatched } = symbol.rows;
  const rows = [trades, bookings, discrepancies, unmatched].map((set) =>
    [...(set as Iterable<{ after: object | null }>)]
      .flatMap(({ after }) => (after ? [withoutPlace(after)] : []))
      .sort(),
  );
  return [
    ...rows,
    JSON.stringify(symbol.pnl.sums),
    JSON.stringify([symbol.book.holding('LONG'), symbol.book.holding('SHORT')]),
  ];
}

function arrived(facts: readonly TradeFact[]): LiveSymbol {
  const symbol = new LiveSymbol();
  for (const fact of facts) {
    symbol.take(fact);
    symbol.endBatch();
  }
  return symbol;
}

describe('the order of arrival', () => {
  const shuffled = day.chain((facts) =>
    fc.tuple(
      fc.constant(facts),
      fc.shuffledSubarray(facts, { minLength: facts.length, maxLength: facts.length }),
    ),
  );

  it('leaves no trace in the end state', () => {
    fc.assert(
      fc.property(shuffled, ([facts, permuted]) => {
        expect(endState(arrived(permuted))).toEqual(endState(arrived(facts)));
      }),
      { numRuns: Number(process.env['RUNS'] ?? 1_000) },
    );
  });

  it('and repeats leave none either', () => {
    fc.assert(
      fc.property(shuffled, ([facts, permuted]) => {
        expect(endState(arrived([...facts, ...permuted]))).toEqual(endState(arrived(facts)));
      }),
      RUNS,
    );
  });
});

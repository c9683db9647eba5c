import fc from 'fast-check';
import type { OrderExecuted } from '../../../src/ledger/facts.js';
import { TradeChanges } from '../../../src/positions/domain/changes.js';
import type { IdentifiedFill } from '../../../src/positions/domain/fold-fills.js';
import { fillIdOf, fillsInOrder, foldFill, foldFills } from '../../../src/positions/domain/fold-fills.js';
import { SymbolBook } from '../../../src/positions/domain/symbol-book.js';
import { withoutRepeatedOrders } from '../../../src/positions/domain/told-orders.js';
import { Decimal } from '../../../src/shared/decimal.js';
import type { Amount } from './facts.js';
import { SYMBOL, d, entryOf, executed, text } from './facts.js';
import { bookRows, differences, rowsOf } from './rows.js';

interface Row {
  readonly at: number;
  readonly order: string;
  /** null = the order as a whole. */
  readonly part: string | null;
  readonly qty: Amount;
  readonly price?: Amount;
  readonly fee?: Amount;
}

function fill({ at, order, part, qty, price = '100', fee = null }: Row, version: number): IdentifiedFill {
  const fact: OrderExecuted = {
    ...executed({ at, order, price }),
    executionId: part,
    quantity: qty === null ? null : d(qty),
    fee: fee === null ? null : d(fee),
  };
  return { ...entryOf(fact, version), fillId: fillIdOf(fact) };
}

function folded(rows: readonly Row[]) {
  const { book, changes } = foldFills(
    SYMBOL,
    rows.map((row, i) => fill(row, i + 1)),
    'netting',
  );
  const after = <One>(set: Iterable<{ after: One | null }>) => [...set].map((change) => change.after!);
  return {
    held: [book.holding('LONG'), book.holding('SHORT')].map(({ quantity }) => text(quantity)),
    cost: text(book.holding('LONG').costBasis),
    realized: Decimal.sum(after(changes.bookings).map(({ amount }) => amount!)).toString(),
    fees: after(changes.bookings).map(({ fee }) => text(fee)),
    doubts: after(changes.discrepancies).map(({ version, kind, size }) => [version, kind, text(size)]),
  };
}

describe('an order that is told as a whole and again fill by fill', () => {
  const parts: readonly Row[] = [
    { at: 1, order: 'o', part: '1', qty: '1', price: '100', fee: '0.1' },
    { at: 2, order: 'o', part: '2', qty: '2', price: '103', fee: '0.2' },
  ];

  it('counts once, by its fills, at their prices and fees, whichever came first', () => {
    const whole: Row = { at: 2, order: 'o', part: null, qty: '3', price: '102', fee: '0.3' };
    for (const rows of [
      [...parts, whole],
      [whole, ...parts],
    ]) {
      // 100 + 2 × 103 = 306; the fees of the fills, and not those of the whole again.
      expect(folded(rows)).toMatchObject({ held: ['3', '0'], cost: '306', realized: '-0.3', doubts: [] });
    }
  });

  it('counts what the whole says beyond its fills as a further fill, with that share of its fee', () => {
    const whole: Row = { at: 3, order: 'o', part: null, qty: '4', price: '104', fee: '0.4' };
    // 306 + 1 × 104; 0.3 + a quarter of 0.4.
    expect(folded([...parts, whole])).toMatchObject({
      held: ['4', '0'],
      cost: '410',
      realized: '-0.4',
      doubts: [[3, 'order_exceeds_fills', '1']],
    });
  });

  it('counts nothing more when the whole says less, or no size', () => {
    for (const qty of ['2', '0', null]) {
      const whole: Row = { at: 0, order: 'o', part: null, qty };
      expect(folded([whole, ...parts])).toMatchObject({ held: ['3', '0'], cost: '306', doubts: [] });
    }
  });

  it('does not count a whole that points the other way, and lists it', () => {
    const whole: Row = { at: 3, order: 'o', part: null, qty: '-3' };
    expect(folded([...parts, whole])).toMatchObject({
      held: ['3', '0'],
      doubts: [[3, 'order_exceeds_fills', '3']],
    });
  });

  it('counts a whole in full beside fills of which nobody told a size, and beside other orders', () => {
    const unsized: Row = { at: 1, order: 'o', part: '1', qty: null };
    const whole: Row = { at: 2, order: 'o', part: null, qty: '-2' };
    expect(folded([unsized, whole])).toMatchObject({
      held: ['0', '2'],
      doubts: [
        [1, 'fill_unpriced', null],
        [2, 'order_exceeds_fills', '2'],
      ],
    });
    expect(folded([...parts, { ...whole, order: 'other' }]).held).toEqual(['1', '0']);
  });

  it('shares the fills among several wholes, and works for sales', () => {
    const sold: readonly Row[] = [
      { at: 1, order: 's', part: '9', qty: '-5' },
      { at: 2, order: 's', part: null, qty: '-2' },
      { at: 3, order: 's', part: null, qty: '-4', fee: '0' },
    ];
    const once = withoutRepeatedOrders(sold.map((row, i) => fill(row, i + 1)));
    expect(once.fills.map(({ fact }) => text(fact.quantity))).toEqual(['-5', '-1']);
    expect(once.beyond.map(({ size }) => size.toString())).toEqual(['1']);
  });

  it('leaves fills alone where no order has fills with ids of their own', () => {
    const fills = [fill({ at: 1, order: 'a', part: null, qty: '1' }, 1)];
    expect(withoutRepeatedOrders(fills).fills).toBe(fills);
    const nameless = { ...fills[0]!, fact: { ...fills[0]!.fact, orderId: null, executionId: 'x' } };
    expect(withoutRepeatedOrders([nameless]).fills).toEqual([nameless]);
  });
});

describe('a fee in a third asset', () => {
  it('is unknown in quote, and listed even when nobody told the price', () => {
    const bnb = (row: Row, version: number) => {
      const one = fill(row, version);
      return { ...one, fact: { ...one.fact, feeCurrency: 'BNB' } };
    };
    const { changes } = foldFills(
      SYMBOL,
      [
        bnb({ at: 1, order: 'a', part: '1', qty: '1', fee: '0.01' }, 1),
        bnb({ at: 2, order: 'b', part: '2', qty: '-1', price: '110', fee: '0.02' }, 2),
        bnb({ at: 3, order: 'c', part: '3', qty: '1', price: null, fee: '0.03' }, 3),
      ],
      'netting',
    );
    expect([...changes.bookings].map(({ after }) => [after!.kind, text(after!.amount), after!.fee])).toEqual([
      ['close', '10', null],
    ]);
    expect(
      [...changes.discrepancies].map(({ after }) => [after!.version, after!.kind, text(after!.size)]),
    ).toEqual([
      [1, 'fee_unconverted', '0.01'],
      [2, 'fee_unconverted', '0.02'],
      [3, 'fee_unconverted', '0.03'],
      [3, 'fill_unpriced', '1'],
    ]);
  });
});

const rows = fc.array(
  fc.record({
    at: fc.nat(6),
    order: fc.constantFrom('a', 'b', 'c'),
    part: fc.option(fc.constantFrom('1', '2', '3'), { freq: 3 }),
    qty: fc.constantFrom('1', '2', '0.5', '-1', '-3', null),
    price: fc.constantFrom('100', '101', '97.5', null),
    fee: fc.constantFrom('0', '0.02', null),
  }),
  { maxLength: 14 },
);

describe('what executions left one by one as they arrived', () => {
  /** As RecordExecution decides: at once when it is the latest and its order is told in one way only; else all is folded anew. */
  function live(arrived: readonly IdentifiedFill[]) {
    let book = new SymbolBook(SYMBOL);
    const kept = new TradeChanges();
    arrived.forEach((one, i) => {
      const before = arrived.slice(0, i).filter(({ fact }) => fact.orderId === one.fact.orderId);
      const isWhole = one.fact.executionId === null;
      const toldTwice = before.some(({ fact }) => (fact.executionId === null) !== isWhole);
      if (!toldTwice && fillsInOrder(book, one)) return foldFill(book, one, 'netting', kept);
      const all = foldFills(SYMBOL, arrived.slice(0, i + 1), 'netting');
      kept.addAll(differences(kept, all.changes));
      book = all.book;
    });
    return { book, kept };
  }

  it('is what the fold of all of them says, row for row, in any order', () => {
    fc.assert(
      fc.property(rows, (told) => {
        const seen = new Set<string>();
        const arrived = told
          .filter(({ order, part }) => !seen.has(`${order}/${part}`) && seen.add(`${order}/${part}`))
          .map((row, i) => fill(row, i + 1));
        const { book, kept } = live(arrived);
        const wanted = foldFills(SYMBOL, arrived, 'netting');
        expect({ ...rowsOf(kept), ...bookRows(book) }).toEqual({
          ...rowsOf(wanted.changes),
          ...bookRows(wanted.book),
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it('never holds more of an order than its fills and what the whole says beyond them', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('1', '2', '5'),
        fc.array(fc.constantFrom('1', '2'), { minLength: 1 }),
        (whole, sizes) => {
          const parts = sizes.map((qty, i) => ({ at: i, order: 'o', part: String(i), qty }));
          const sum = sizes.reduce((total, size) => total + Number(size), 0);
          const { held } = folded([...parts, { at: 99, order: 'o', part: null, qty: whole }]);
          expect(held[0]).toBe(String(Math.max(sum, Number(whole))));
        },
      ),
    );
  });
});

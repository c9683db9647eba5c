import fc from 'fast-check';
import type { OrderExecuted } from '../../../src/ledger/facts.js';
import { TradeChanges } from '../../../src/positions/domain/changes.js';
import type { IdentifiedFill, PositionMode } from '../../../src/positions/domain/fold-fills.js';
import { fillIdOf, fillsInOrder, foldFill, foldFills } from '../../../src/positions/domain/fold-fills.js';
import { SymbolBook } from '../../../src/positions/domain/symbol-book.js';
import { Decimal } from '../../../src/shared/decimal.js';
import type { Amount } from './facts.js';
import { worthOf } from './ledger.js';
import { SYMBOL, d, entryOf, executed, text } from './facts.js';
import { prices, sizes } from './arrivals.js';
import { bookRows, differences, rowsOf } from './rows.js';

interface FillRow {
  readonly id?: string;
  readonly part?: string | null;
  readonly at: number;
  /** Signed: + buys. */
  readonly qty: Amount;
  readonly price: Amount;
  readonly fee?: Amount;
  readonly currency?: string | null;
  readonly reduceOnly?: boolean | null;
  readonly leverage?: Amount;
}

const decimal = (value: Amount | undefined) => (value === null || value === undefined ? null : d(value));

function fill(row: FillRow, version: number): IdentifiedFill {
  const { id = `o${version}`, at, qty, price } = row;
  const fact: OrderExecuted = {
    ...executed({ at, order: id, price }),
    executionId: row.part ?? null,
    quantity: decimal(qty),
    fee: decimal(row.fee),
    feeCurrency: row.currency ?? null,
    leverage: decimal(row.leverage),
    reduceOnly: row.reduceOnly ?? null,
  };
  return { ...entryOf(fact, version), fillId: fillIdOf(fact) };
}

function folded(rows: readonly FillRow[], mode: PositionMode = 'netting') {
  const { book, changes } = foldFills(
    SYMBOL,
    rows.map((row, i) => fill(row, i + 1)),
    mode,
  );
  const after = <Row>(set: Iterable<{ after: Row | null }>) => [...set].map((change) => change.after!);
  const [bookings, trades, doubts] = [
    after(changes.bookings),
    after(changes.trades),
    after(changes.discrepancies),
  ];
  const held = (side: 'LONG' | 'SHORT') => {
    const { quantity, costBasis } = book.holding(side);
    return [text(quantity), text(costBasis)];
  };
  return {
    book,
    changes,
    bookings,
    trades,
    held,
    doubts: doubts.map(({ version, kind, size }) => [version, kind, text(size)]),
  };
}
const amounts = ({ bookings }: ReturnType<typeof folded>) =>
  bookings.map(({ version, kind, amount }) => [version, kind, text(amount)]);

describe('fills that net', () => {
  it('extend at the average, reduce at it, and cost exactly nothing when flat', () => {
    const rows = [
      { at: 1, qty: '1', price: '100', leverage: '5' },
      { at: 2, qty: '2', price: '103' },
      { at: 3, qty: '-1', price: '110' },
    ];
    const open = folded(rows);
    // (100 + 206) ÷ 3 = 102; 110 − 102 = 8; 2 × 102 are left.
    expect([open.held('LONG'), amounts(open)]).toEqual([['2', '204'], [[3, 'close', '8']]]);
    const [trade] = open.trades;
    expect(trade).toMatchObject({
      tradeId: 'fill:o1',
      status: 'OPEN',
      side: 'LONG',
      openedAt: 1,
      openedVersion: 1,
      closes: 1,
      closedAt: null,
    });
    expect(
      [trade!.quantity, trade!.remaining, trade!.entryPrice, trade!.exitPrice, trade!.leverage].map(text),
    ).toEqual(['3', '2', '102', '110', '5']);
    const flat = folded([...rows, { at: 4, qty: '-2', price: '90' }]);
    expect([flat.held('LONG'), amounts(flat)[1], flat.book.isEmpty()]).toEqual([
      ['0', '0'],
      [4, 'close', '-24'],
      true,
    ]);
    expect(flat.trades[0]).toMatchObject({
      status: 'CLOSED',
      closedAt: 4,
      lastCloseAt: 4,
      lastCloseKey: 'o4',
      closes: 2,
    });
    expect([flat.trades[0]!.realizedPnl, flat.trades[0]!.exitPrice].map(text)).toEqual([
      '-16',
      '96.666666666666666667',
    ]); // 290 ÷ 3
  });

  it('reverse in one fill: the rest takes its price, and the fee goes with both parts', () => {
    const book = folded([
      { at: 1, qty: '2', price: '100' },
      { at: 2, qty: '-5', price: '110', fee: '1' },
    ]);
    // 2 are closed: 20 − 0.4; 3 are opened short at 110: − 0.6.
    expect(amounts(book)).toEqual([
      [2, 'close', '19.6'],
      [2, 'opening_fee', '-0.6'],
    ]);
    expect([book.held('LONG'), book.held('SHORT')]).toEqual([
      ['0', '0'],
      ['3', '330'],
    ]);
    expect(book.trades.map(({ tradeId, side, status, fee }) => [tradeId, side, status, text(fee)])).toEqual([
      ['fill:o1', 'LONG', 'CLOSED', null],
      ['fill:o2', 'SHORT', 'OPEN', '0.6'],
    ]);
    const back = folded([
      { at: 1, qty: '-2', price: '100', fee: '0.1' },
      { at: 2, qty: '-2', price: '104', fee: '0.2' },
      { at: 3, qty: '6', price: '99' },
    ]);
    expect([amounts(back).at(-1), back.held('LONG')]).toEqual([
      [3, 'close', '12'],
      ['2', '198'],
    ]); // (102 − 99) × 4
    expect([back.trades[0]!.fee, back.trades[0]!.realizedPnl].map(text)).toEqual(['0.3', '11.7']);
  });

  it('list what cannot be counted: a price or size that nobody told, a fee in a third currency', () => {
    const book = folded([
      { at: 1, qty: '2', price: null },
      { at: 2, qty: null, price: '100' },
      { at: 3, qty: '1', price: '100', fee: '0.01', currency: 'BNB' },
    ]);
    expect(book.doubts).toEqual([
      [1, 'fill_unpriced', '2'],
      [2, 'fill_unpriced', null],
      [3, 'fee_unconverted', '0.01'],
    ]);
    expect([book.held('LONG'), amounts(book), book.book.lastAt, book.book.lastFillId]).toEqual([
      ['1', '100'],
      [],
      3,
      'o3',
    ]);
  });

  it('take a fee in the base asset out of what is held, so that its worth shows in PnL', () => {
    const book = folded([{ at: 1, qty: '1', price: '100', fee: '0.01', currency: 'BTC' }]);
    const worth = worthOf(book.book, { price: d(100), at: 1, source: 'mark_price' });
    const realized = Decimal.sum(book.bookings.map(({ amount }) => amount!));
    expect([text(book.book.holding('LONG').quantity), text(realized.plus(worth.unrealized))]).toEqual([
      '0.99',
      '-1',
    ]);
    expect(amounts(folded([{ at: 1, qty: '1', price: '100', fee: '1', currency: 'USDT' }]))).toEqual([
      [1, 'opening_fee', '-1'],
    ]);
    expect(amounts(folded([{ at: 1, qty: '1', price: '100', fee: '0' }]))).toEqual([]);
  });

  it('are put into the order of the venue: by time, then by an id that counts up', () => {
    const rows = [
      { id: '10', at: 1, qty: '-1', price: '120' },
      { id: '9', at: 1, qty: '1', price: '100' },
      { id: '9', part: 'b', at: 2, qty: '1', price: '90' },
      { id: '9', part: 'a', at: 2, qty: '-1', price: '95' },
      { id: '8', at: 0, qty: '1', price: '50' },
    ];
    // 8, 9, 10, 9/a, 9/b: (120 − 75) then (95 − 75), then 1 at 90.
    const book = folded(rows);
    expect([book.held('LONG'), amounts(book)]).toEqual([
      ['1', '90'],
      [
        [1, 'close', '45'],
        [4, 'close', '20'],
      ],
    ]);
    expect([book.book.lastAt, book.book.lastFillId]).toEqual([2, '9/b']);
  });

  it('are in order when they are the latest of their symbol', () => {
    const { book } = folded([{ id: '9', at: 5, qty: '1', price: '1' }]);
    const inOrder = (id: string, at: number) => fillsInOrder(book, fill({ id, at, qty: '1', price: '1' }, 2));
    expect([inOrder('1', 6), inOrder('10', 5), inOrder('9', 5), inOrder('8', 5), inOrder('99', 4)]).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(fillsInOrder(new SymbolBook(SYMBOL), fill({ at: 0, qty: '1', price: '1' }, 1))).toBe(true);
    book.lastFillId = null;
    expect(inOrder('1', 1)).toBe(true);
  });
});

describe('fills that hedge', () => {
  it('hold a long and a short at once; only a reduce-only fill goes against the other side', () => {
    const rows = [
      { at: 1, qty: '2', price: '100' },
      { at: 2, qty: '-3', price: '110' },
      { at: 3, qty: '1', price: '90', reduceOnly: true },
      { at: 4, qty: '-1', price: '120', reduceOnly: true },
      { at: 5, qty: '-1', price: '116', reduceOnly: false },
    ];
    const book = folded(rows, 'hedge');
    // The short wins 20 on 1 of 3, the long 20 on 1 of 2; 2 × 110 + 116 are short.
    expect(amounts(book)).toEqual([
      [3, 'close', '20'],
      [4, 'close', '20'],
    ]);
    expect([book.held('LONG'), book.held('SHORT'), book.doubts]).toEqual([['1', '100'], ['3', '336'], []]);
  });

  it('never reverse by reduce-only: the surplus is listed', () => {
    const book = folded(
      [
        { at: 1, qty: '2', price: '100' },
        { at: 2, qty: '-5', price: '110', reduceOnly: true },
      ],
      'hedge',
    );
    expect([amounts(book), book.doubts, book.book.isEmpty()]).toEqual([
      [[2, 'close', '20']],
      [[2, 'over_close', '3']],
      true,
    ]);
    const nothing = folded([{ at: 2, qty: '5', price: '110', reduceOnly: true }], 'hedge');
    expect([nothing.doubts, nothing.trades, nothing.book.isEmpty()]).toEqual([
      [[1, 'over_close', '5']],
      [],
      true,
    ]);
  });
});

const histories = fc
  .array(
    fc.record({
      at: fc.nat(6),
      buys: fc.boolean(),
      size: sizes,
      price: fc.option(prices, { freq: 9 }),
      fee: fc.option(fc.constantFrom('0', '0.01', '0.25')),
      reduceOnly: fc.option(fc.boolean()),
    }),
    { maxLength: 14 },
  )
  .map((rows) =>
    rows.map(({ buys, size, ...row }, i): FillRow => ({
      ...row,
      id: String(7 + i),
      qty: buys ? size : `-${size}`,
    })),
  );
const modes = fc.constantFrom<PositionMode>('netting', 'hedge');

describe('laws of fills', () => {
  it('realized + unrealized = cash flow + notional − fees, exactly, when they net', () => {
    fc.assert(
      fc.property(histories, prices, (rows, price) => {
        const book = folded(rows);
        const counted = rows.filter((row) => row.price !== null);
        const value = worthOf(book.book, { price: d(price), at: 0, source: 'mark_price' });
        const cash = Decimal.sum(counted.map((row) => d(row.qty!).times(d(row.price!)))).negated();
        // A fill of unknown price moves nothing, but its fee was paid.
        const paid = Decimal.sum(rows.map((row) => decimal(row.fee) ?? Decimal.ZERO));
        const realized = Decimal.sum(book.bookings.map(({ amount }) => amount!));
        const worth = cash.plus(value.long).minus(value.short).minus(paid);
        expect(realized.plus(value.unrealized).toString()).toBe(worth.toString());
        const quantity = book.book.holding('LONG').quantity.minus(book.book.holding('SHORT').quantity);
        expect(quantity.toString()).toBe(Decimal.sum(counted.map((row) => d(row.qty!))).toString());
        expect(book.book.open.size <= 1).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('one by one as they arrive, late ones put in their place, they leave what the fold says', () => {
    const shuffled = histories.chain((rows) =>
      fc.shuffledSubarray(
        rows.map((row, i) => fill(row, i + 1)),
        { minLength: rows.length, maxLength: rows.length },
      ),
    );
    fc.assert(
      fc.property(shuffled, modes, (arrived, mode) => {
        let book = new SymbolBook(SYMBOL);
        const rows = new TradeChanges();
        arrived.forEach((one, i) => {
          if (fillsInOrder(book, one)) foldFill(book, one, mode, rows);
          else {
            const all = foldFills(SYMBOL, arrived.slice(0, i + 1), mode);
            rows.addAll(differences(rows, all.changes));
            book = all.book;
          }
        });
        const wanted = foldFills(SYMBOL, arrived, mode);
        expect({ ...rowsOf(rows), ...bookRows(book) }).toEqual({
          ...rowsOf(wanted.changes),
          ...bookRows(wanted.book),
        });
        expect(book.lastFillId).toBe(wanted.book.lastFillId);
      }),
      { numRuns: 600 },
    );
  });

  it('flat costs exactly nothing, and what every cycle realized is the sum of its bookings', () => {
    fc.assert(
      fc.property(histories, modes, (rows, mode) => {
        const { book, trades, bookings } = folded(rows, mode);
        for (const side of ['LONG', 'SHORT'] as const) {
          const { quantity, costBasis, trades: open } = book.holding(side);
          expect(quantity.isZero()).toBe(open === 0);
          if (quantity.isZero()) expect(costBasis.toString()).toBe('0');
        }
        for (const trade of trades) {
          const own = bookings.filter(({ tradeId }) => tradeId === trade.tradeId);
          expect(trade.realizedPnl.toString()).toBe(Decimal.sum(own.map(({ amount }) => amount!)).toString());
          expect(trade.status === 'CLOSED').toBe(trade.remaining.isZero());
        }
      }),
      { numRuns: 400 },
    );
  });
});

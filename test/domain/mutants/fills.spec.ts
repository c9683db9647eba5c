import type { OrderExecuted } from '../../../src/ledger/facts.js';
import type { IdentifiedFill, PositionMode } from '../../../src/positions/domain/fold-fills.js';
import { fillIdOf, fillsInOrder, foldFills } from '../../../src/positions/domain/fold-fills.js';
import { withoutRepeatedOrders } from '../../../src/positions/domain/told-orders.js';
import { Decimal } from '../../../src/shared/decimal.js';
import { SYMBOL, d, entryOf, executed, text } from '../positions/facts.js';

interface FillRow {
  readonly id: string;
  readonly at: number;
  readonly qty: string;
  readonly fee?: string;
  readonly more?: Partial<OrderExecuted>;
}

function fill({ id, at, qty, fee, more }: FillRow, version = 1): IdentifiedFill {
  const told = { quantity: d(qty), fee: fee === undefined ? null : d(fee), ...more };
  const fact: OrderExecuted = { ...executed({ at, order: id, price: '100' }), ...told };
  return { ...entryOf(fact, version), fillId: fillIdOf(fact) };
}

function folded(rows: readonly FillRow[], mode: PositionMode = 'netting') {
  const symbol = rows[0]?.more?.symbol ?? SYMBOL;
  const { book, changes } = foldFills(
    symbol,
    rows.map((row, i) => fill(row, i + 1)),
    mode,
  );
  return {
    book,
    bookings: [...changes.bookings].map(({ after }) => after!),
    trades: [...changes.trades].map(({ after }) => after!),
    doubts: [...changes.discrepancies].map(({ after }) => after!),
  };
}

describe('a reduce-only fill that finds nothing to reduce', () => {
  const fold = () =>
    folded([{ id: 'o1', at: 1, qty: '-2', fee: '0.4', more: { reduceOnly: true } }], 'hedge');

  it('opens nothing, and is listed with all of its size', () => {
    const { book, doubts } = fold();
    expect(book.isEmpty()).toBe(true);
    expect(doubts.map(({ kind, size }) => [kind, text(size)])).toEqual([['over_close', '2']]);
  });

  it('has cost its fee all the same, on a line of its own without a size', () => {
    const { bookings } = fold();
    expect(bookings).toHaveLength(1);
    const { kind, tradeId, fee, amount, computed, quantityDerived } = bookings[0]!;
    expect(quantityDerived).toBe(false);
    expect([kind, tradeId, text(fee), text(amount), text(computed)]).toEqual([
      'fee',
      'fill:o1',
      '0.4',
      '-0.4',
      '-0.4',
    ]);
  });
});

describe('fills of one microsecond', () => {
  const [one, two] = [
    { id: 'o1', at: 5, qty: '1' },
    { id: 'o2', at: 5, qty: '-3' },
  ];

  it('are folded by the venue’s ids, however they came', () => {
    for (const rows of [
      [one, two],
      [two, one],
    ])
      expect(folded(rows).trades.map(({ tradeId, side }) => [tradeId, side])).toEqual([
        ['fill:o1', 'LONG'],
        ['fill:o2', 'SHORT'],
      ]);
  });

  it('come in order when their ids count up: a longer one is the later', () => {
    const { book } = folded([{ id: 'o5', at: 5, qty: '1' }]);
    const after = (id: string, at = 5) => fillsInOrder(book, fill({ id, at, qty: '1' }));
    expect([after('o6'), after('o5'), after('o4'), after('o10'), after('9')]).toEqual([
      true,
      false,
      false,
      true,
      false,
    ]);
    expect([after('o4', 6), after('o6', 4)]).toEqual([true, false]);
  });
});

describe('a fill’s fee', () => {
  const paid = (symbol: string, feeCurrency: string | null) => {
    const { bookings, doubts } = folded([
      { id: 'o1', at: 1, qty: '1', fee: '0.5', more: { symbol, feeCurrency } },
    ]);
    return [bookings.map(({ amount }) => text(amount)), doubts.map(({ kind }) => kind)];
  };

  it.each(['BTCUSDT', 'BTC-USDT', 'BTC/USDT', 'BTC_USDT', 'BTC:USDT'])(
    'is money in the quote currency of %s',
    (symbol) => {
      expect(paid(symbol, 'USDT')).toEqual([['-0.5'], []]);
      expect(paid(symbol, null)).toEqual([['-0.5'], []]);
      expect(paid(symbol, 'BNB')).toEqual([[], ['fee_unconverted']]);
    },
  );
});

describe('what a fill books', () => {
  const rows: readonly FillRow[] = [
    { id: 'o1', at: 1, qty: '2', fee: '0.2' },
    { id: 'o2', at: 2, qty: '-3', fee: '0.3' },
  ];

  it('has the size that the fill told', () => {
    const { bookings } = folded(rows);
    expect(
      bookings.map(({ kind, quantity, quantityDerived }) => [kind, text(quantity), quantityDerived]),
    ).toEqual([
      ['opening_fee', '2', false],
      ['close', '2', false],
      ['opening_fee', '1', false],
    ]);
  });

  it('has cost the fee that was told, shared by what it closed and what it opened', () => {
    expect(folded(rows).bookings.map(({ fee }) => text(fee))).toEqual(['0.2', '0.2', '0.1']);
  });
});

describe('a fill without an order', () => {
  it('is no part of another without one', () => {
    const one = fill({ id: 'x', at: 1, qty: '2', more: { orderId: null, executionId: 'e1' } });
    const other = fill({ id: 'x', at: 2, qty: '2', more: { orderId: null, executionId: null } });
    const known = fill({ id: 'o1', at: 3, qty: '1', more: { executionId: 'e2' } });
    expect(withoutRepeatedOrders([one, other, known])).toEqual({ fills: [one, other, known], beyond: [] });
  });
});

describe('the cycle that a fill opens', () => {
  it('has its entry price from the execution', () => {
    const [trade] = folded([{ id: 'o1', at: 1, qty: '2' }]).trades;
    expect([trade!.entryFrom, text(trade!.entryPrice), text(trade!.costBasis)]).toEqual([
      'execution',
      '100',
      '200',
    ]);
    expect(trade!.realizedPnl.equals(Decimal.ZERO)).toBe(true);
  });
});

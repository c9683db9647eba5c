import fc from 'fast-check';
import { DISCREPANCY_KINDS } from '../../../src/positions/domain/discrepancy-kinds.js';
import { heldSides } from '../../../src/positions/domain/held-trades.js';
import { isOverdue, overdueBefore } from '../../../src/positions/domain/overdue-closes.js';
import { SymbolBook } from '../../../src/positions/domain/symbol-book.js';
import type { Mark } from '../../../src/positions/domain/valuation.js';
import { Decimal } from '../../../src/shared/decimal.js';
import { closed, d, opened, text } from './facts.js';
import { ledger } from './ledger.js';

const mark = (price: string): Mark => ({ price: d(price), at: 7, source: 'market.tick' });

const held = (facts: Parameters<typeof ledger>[0], at?: Mark, standIns = {}) =>
  heldSides(ledger(facts, standIns).book, at).map(({ side, notional, unrealized, trades }) => [
    side,
    text(notional),
    text(unrealized),
    trades.map((trade) => [
      trade.tradeId,
      text(trade.quantity),
      text(trade.cost),
      text(trade.notional),
      text(trade.unrealized),
      trade.entryFrom,
    ]),
  ]);

describe('what is held, by trade', () => {
  const facts = [
    opened({ id: 'late', at: 20, qty: 1, price: 110 }),
    opened({ id: 'early', at: 10, qty: 3, price: 100 }),
    closed({ id: 'early', at: 30, qty: 1, exit: 105 }),
    opened({ id: 'short', at: 5, qty: 2, price: 120, side: 'SHORT' }),
  ];

  test('is each side with its trades, the oldest first', () => {
    expect(held(facts, mark('115'))).toEqual([
      // 3 × 115; early (115 − 100) × 2, late (115 − 110) × 1
      [
        'LONG',
        '345',
        '35',
        [
          ['early', '2', '200', '230', '30', 'open'],
          ['late', '1', '110', '115', '5', 'open'],
        ],
      ],
      // (120 − 115) × 2
      ['SHORT', '230', '10', [['short', '2', '240', '230', '10', 'open']]],
    ]);
  });

  test('is worth what it cost as long as there is no mark', () => {
    expect(held(facts)).toEqual([
      [
        'LONG',
        '310',
        '0',
        [
          ['early', '2', '200', '200', '0', 'open'],
          ['late', '1', '110', '110', '0', 'open'],
        ],
      ],
      ['SHORT', '240', '0', [['short', '2', '240', '240', '0', 'open']]],
    ]);
  });

  const unpriced = [
    opened({ id: 'a', at: 1, qty: 2, price: null }),
    opened({ id: 'b', at: 1, qty: 1, price: 10 }),
  ];

  test('has no value while the price of a part of it is not known and there is no mark', () => {
    expect(held(unpriced)).toEqual([
      [
        'LONG',
        null,
        null,
        [
          ['a', '2', null, null, null, null],
          ['b', '1', '10', null, null, 'open'],
        ],
      ],
    ]);
  });

  test('leaves a trade without an entry price out of what is on paper, not out of the notional', () => {
    expect(held(unpriced, mark('11'))).toEqual([
      [
        'LONG',
        '33',
        '1',
        [
          ['a', '2', null, '22', null, null],
          ['b', '1', '10', '11', '1', 'open'],
        ],
      ],
    ]);
  });

  test('says that a mark stands in for an entry price', () => {
    expect(held(unpriced, mark('11'), { a: '9' })).toEqual([
      [
        'LONG',
        '33',
        '5',
        [
          ['a', '2', '18', '22', '4', 'mark'],
          ['b', '1', '10', '11', '1', 'open'],
        ],
      ],
    ]);
  });

  test('orders trades of one moment by their names', () => {
    const names = ['b', 'c', 'a'];
    const folded = ledger(names.map((id) => opened({ id, at: 1, qty: 1, price: 10 })));
    const book = new SymbolBook(folded.book.symbol);
    for (const id of names) book.put(folded.trade(id));
    expect(heldSides(book, undefined)[0]!.trades.map(({ tradeId }) => tradeId)).toEqual(['a', 'b', 'c']);
  });

  test('sums exactly to what its side is worth', () => {
    const amount = fc.integer({ min: 1, max: 10_000_000 }).map((units) => `${units / 1000}`);
    const row = fc.record({ qty: amount, price: fc.option(amount), at: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), fc.option(amount), (rows, price) => {
        const book = ledger(rows.map((one, i) => opened({ id: `t${i}`, ...one }))).book;
        const [side] = heldSides(book, price === null ? undefined : mark(price));
        const sum = (of: 'notional' | 'unrealized') =>
          Decimal.sum(side!.trades.map((trade) => trade[of] ?? Decimal.ZERO)).toString();
        expect(sum('notional')).toBe(text(side!.notional) ?? '0');
        expect(sum('unrealized')).toBe(text(side!.unrealized) ?? '0');
      }),
    );
  });
});

test('each kind of discrepancy has a name of its own', () => {
  expect(new Set(DISCREPANCY_KINDS).size).toBe(DISCREPANCY_KINDS.length);
});

describe('a close without an open', () => {
  const parked = {
    ...{ version: 1, symbol: 'BTCUSDT', tradeId: null, side: null, occurredAt: 0 },
    ...{ receivedAt: 1_000, booked: false },
  };
  const FIVE_MINUTES = 300_000_000;

  test('is a discrepancy five minutes after it came in, to the microsecond', () => {
    expect(isOverdue(parked, 1_000 + FIVE_MINUTES - 1)).toBe(false);
    expect(isOverdue(parked, 1_000 + FIVE_MINUTES)).toBe(true);
    expect(overdueBefore(1_000 + FIVE_MINUTES)).toBe(1_000);
  });

  test('is none when it was booked by itself', () => {
    expect(isOverdue({ ...parked, booked: true }, 1_000 + FIVE_MINUTES)).toBe(false);
  });
});

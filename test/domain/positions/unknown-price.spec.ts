import { executionPrice, foldTrades } from '../../../src/positions/domain/fold-trades.js';
import { closed, d, entryOf, executed, opened, text } from './facts.js';
import type { ExecutionRow } from './facts.js';
import { booked, doubted, held, ledger } from './ledger.js';
import { symbolFacts } from './rows.js';

const MARKET = opened({ id: 'A', at: 10, qty: '2', price: null });
const entryOfTrade = (book: ReturnType<typeof ledger>) => [
  text(book.trade('A').entryPrice),
  book.trade('A').entryFrom,
];

describe('a market order whose price nobody told yet', () => {
  it('is held without a cost', () => {
    const book = ledger([MARKET]);
    expect([entryOfTrade(book), held(book), book.book.hasUnpriced]).toEqual([
      [null, null],
      ['2', '0', 1],
      true,
    ]);
    expect(text(book.book.holding('LONG').pricedQuantity)).toBe('0');
  });

  it('is valued at the mark that stands in, and its close is computed with it and doubted', () => {
    const standIns = { A: '100' };
    expect(held(ledger([MARKET], standIns))).toEqual(['2', '200', 1]);
    const book = ledger([MARKET, closed({ id: 'A', at: 20, qty: '0.5', exit: '104' })], standIns);
    expect([booked(book), doubted(book)]).toEqual([
      [[2, 'A', '0.5', '2']],
      [[2, 'entry_price_unknown', null]],
    ]);
    expect([entryOfTrade(book), held(book)]).toEqual([
      [null, null],
      ['1.5', '150', 1],
    ]);
  });

  it('realizes nothing at its close when nothing stands in: unknown is not zero', () => {
    const book = ledger([MARKET, closed({ id: 'A', at: 20, exit: '104' })]);
    expect([booked(book), doubted(book)]).toEqual([
      [[2, 'A', '2', null]],
      [[2, 'entry_price_unknown', null]],
    ]);
    expect([book.trade('A').pnlUnknown, book.trade('A').status, held(book)]).toEqual([
      true,
      'CLOSED',
      ['0', '0', 0],
    ]);
  });

  it('realizes what its close reports', () => {
    const book = ledger([MARKET, closed({ id: 'A', at: 20, exit: '104', pnl: '8' })]);
    expect([booked(book), doubted(book)]).toEqual([[[2, 'A', '2', '8']], [[2, 'entry_price_unknown', null]]]);
    expect([book.bookings[0]!.computed, book.trade('A').pnlUnknown]).toEqual([null, false]);
  });

  it('takes the price from the supplement of its open, first of all', () => {
    const told = { ...MARKET, occurredAt: 12, entryPrice: d('101') };
    const book = ledger([MARKET, told, executed({ at: 11, order: 'A', price: '102' })], { A: '100' });
    expect([entryOfTrade(book), held(book)]).toEqual([
      ['101', 'open'],
      ['2', '202', 1],
    ]);
    expect(book.trade('A').openedAt).toBe(10);
  });

  it('takes the price from its execution before that of its close', () => {
    const facts = [
      MARKET,
      executed({ at: 11, order: 'A', price: '102' }),
      closed({ id: 'A', at: 20, entry: '90', exit: '104' }),
    ];
    const book = ledger(facts, { A: '100' });
    expect([entryOfTrade(book), booked(book), doubted(book)]).toEqual([
      ['102', 'execution'],
      [[3, 'A', '2', '4']],
      [],
    ]);
  });

  it('takes the price from its close, also for what was closed before', () => {
    const before = closed({ id: 'A', at: 20, qty: '1', exit: '104' });
    const book = ledger([MARKET, before, closed({ id: 'A', at: 30, entry: '101', exit: '105' })], {
      A: '100',
    });
    expect([entryOfTrade(book), booked(book)]).toEqual([
      ['101', 'close'],
      [
        [2, 'A', '1', '3'],
        [3, 'A', '1', '4'],
      ],
    ]);
    expect(doubted(book)).toEqual([]);
  });

  it('takes the price of the first close that tells one', () => {
    const first = closed({ id: 'A', at: 20, qty: '1', entry: '101', exit: '104' });
    const book = ledger([closed({ id: 'A', at: 30, entry: '99', exit: '105' }), first, MARKET]);
    expect([entryOfTrade(book), book.realized]).toEqual([['101', 'close'], '7']); // 3 + 4
  });

  it('takes the price of a close that names no trade', () => {
    const book = ledger([MARKET, closed({ at: 20, qty: '1', entry: '101', exit: '104' })]);
    expect([entryOfTrade(book), held(book)]).toEqual([
      ['101', 'close'],
      ['1', '101', 1],
    ]);
  });
});

describe('a close that tells no exit price', () => {
  const OPEN = opened({ id: 'A', at: 10, qty: '2', price: '100' });

  it('realizes nothing that can be known, and says so', () => {
    const book = ledger([OPEN, closed({ id: 'A', at: 20, qty: '1' })]);
    expect([booked(book), doubted(book)]).toEqual([[[2, 'A', '1', null]], [[2, 'exit_price_unknown', null]]]);
    expect([book.trade('A').pnlUnknown, held(book)]).toEqual([true, ['1', '100', 1]]);
  });

  it('is no doubt when it reports its PnL', () => {
    const book = ledger([OPEN, closed({ id: 'A', at: 20, pnl: '5' })]);
    expect([booked(book), doubted(book), book.trade('A').exitPrice]).toEqual([
      [[2, 'A', '2', '5']],
      [],
      null,
    ]);
  });

  it('leaves the trade without an average exit price, whatever other closes tell', () => {
    const told = (at: number) => closed({ id: 'A', at, qty: '1', exit: '101' });
    const silent = (at: number) => closed({ id: 'A', at, qty: '1', pnl: '1' });
    const exits = [
      [told(20), silent(30)],
      [silent(20), told(30)],
      [told(20), told(30)],
    ].map((closes) => {
      const { exitPrice, exitNotional } = ledger([OPEN, ...closes]).trade('A');
      return [text(exitPrice), text(exitNotional)];
    });
    expect(exits).toEqual([
      [null, '101'],
      [null, '101'],
      ['101', '202'],
    ]);
  });
});

describe('the price of the execution of a trade', () => {
  const priceOf = (...rows: ExecutionRow[]) =>
    text(
      executionPrice(
        'A',
        rows.map((row, i) => entryOf(executed(row), i)),
      ),
    );

  it('is that of the earliest one of its order or its trade', () => {
    expect(priceOf({ at: 5, order: 'A', price: '7' }, { at: 4, trade: 'A', price: '8' })).toBe('8');
  });

  it('is not that of another trade, of a rejection, or of one that tells none', () => {
    expect(priceOf({ at: 1, order: 'B', trade: 'B', price: '7' })).toBeNull();
    expect(priceOf({ at: 1, order: 'A', price: '7', executed: false })).toBeNull();
    expect(priceOf({ at: 1, order: 'A', price: null })).toBeNull();
    expect(priceOf()).toBeNull();
  });

  it('does not depend on which of two of one microsecond came first', () => {
    const [one, other] = [
      { at: 1, order: 'A', price: '7' },
      { at: 1, trade: 'A', price: '8' },
    ];
    expect(priceOf(one, other)).toBe(priceOf(other, one));
  });
});

describe('an open told in several messages', () => {
  it('has each value from the earliest message that tells it, and the earliest time', () => {
    const facts = [
      opened({ id: 'A', at: 10, qty: '1', price: null, category: 'CORE' }),
      opened({ id: 'A', at: 12, qty: '1', price: '11', fee: '0.2', category: 'TOXIC', stopLoss: '9' }),
      opened({
        id: 'A',
        at: 8,
        qty: '1',
        price: null,
        fee: '0.1',
        leverage: '3',
        takeProfit: '15',
        model: 'm',
      }),
    ];
    const trade = ledger(facts).trade('A');
    expect(trade).toMatchObject({ openedAt: 8, openedVersion: 1, category: 'CORE', model: 'm' });
    const { entryPrice, fee, stopLoss, takeProfit, leverage } = trade;
    expect([entryPrice, fee, stopLoss, takeProfit, leverage].map(text)).toEqual([
      '11',
      '0.1',
      '9',
      '15',
      '3',
    ]);
  });

  it('is one also when the first message was voided and a later one is left', () => {
    const left = entryOf(opened({ id: 'A', at: 12, qty: '1', price: '11' }), 7, 'supplement');
    const more = entryOf(opened({ id: 'A', at: 9, qty: '1', price: null, fee: '0.1' }), 8, 'supplement');
    const { book } = foldTrades(symbolFacts([left, more]));
    expect(book.open.get('A')).toMatchObject({ openedAt: 9, openedVersion: 7, entryFrom: 'open' });
    expect(text(book.open.get('A')!.fee)).toBe('0.1');
  });

  it('books no opening fee that is zero or not told', () => {
    const facts = [
      opened({ id: 'A', at: 1, qty: '1', price: '1', fee: '0' }),
      opened({ id: 'B', at: 1, qty: '1', price: '1' }),
    ];
    const book = ledger(facts);
    expect([booked(book), text(book.trade('A').realizedPnl), text(book.trade('B').realizedPnl)]).toEqual([
      [],
      '0',
      '0',
    ]);
  });
});

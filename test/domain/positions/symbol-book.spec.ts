import type { Booking } from '../../../src/positions/domain/changes.js';
import { ChangeSet, TradeChanges } from '../../../src/positions/domain/changes.js';
import { categoryOf, sectorOf } from '../../../src/positions/domain/classification.js';
import { tradeOf } from '../../../src/positions/domain/open-trade.js';
import { SymbolBook } from '../../../src/positions/domain/symbol-book.js';
import { closedTradeOf } from '../../../src/positions/domain/trade.js';
import type { OpenRow } from './facts.js';
import { closed, d, entryOf, opened, text } from './facts.js';
import { ledger } from './ledger.js';
import { bookRows } from './rows.js';

const tradeFrom = (row: OpenRow) => tradeOf(entryOf(opened(row), 1));
const MARKET = tradeFrom({ id: 'A', at: 1, qty: '2', price: null });

function bookOf(...rows: OpenRow[]): SymbolBook {
  const book = new SymbolBook('BTCUSDT');
  for (const row of rows) book.put(tradeFrom(row));
  return book;
}
const heldIn = (book: SymbolBook) => {
  const { quantity, pricedQuantity, costBasis, trades } = book.holding('LONG');
  return [text(quantity), text(pricedQuantity), text(costBasis), trades];
};

describe('the book of a symbol', () => {
  it('lets the first mark stand in for prices nobody told, and no other after it', () => {
    const book = bookOf({ id: 'A', at: 1, qty: '2', price: null }, { id: 'B', at: 2, qty: '1', price: '9' });
    expect([heldIn(book), book.hasUnpriced]).toEqual([['3', '1', '9', 2], true]);
    expect(book.standIn(d(10))).toEqual(['A']);
    expect([heldIn(book), book.hasUnpriced]).toEqual([['3', '3', '29', 2], false]);
    expect([book.standIn(d(11)), heldIn(book)]).toEqual([[], ['3', '3', '29', 2]]);
    expect([text(book.entryOf(book.open.get('A')!)), text(book.entryOf(book.open.get('B')!))]).toEqual([
      '10',
      '9',
    ]);
  });

  it('says whether a mark stands in for the price of what is open', () => {
    const book = bookOf({ id: 'A', at: 1, qty: '2', price: null });
    expect(book.isStoodIn).toBe(false);
    book.standIn(d(10));
    expect(book.isStoodIn).toBe(true);
    book.put(tradeFrom({ id: 'A', at: 1, qty: '2', price: '9' }));
    expect(book.isStoodIn).toBe(false);
    book.put({ ...MARKET, remaining: d(0), status: 'CLOSED' });
    expect(book.isStoodIn).toBe(false);
  });

  it('replaces what stood in when the price is told, and takes away what it added', () => {
    const book = bookOf({ id: 'A', at: 1, qty: '2', price: null });
    book.standIn(d(10));
    book.put({ ...MARKET, entryPrice: d(7) });
    expect(heldIn(book)).toEqual(['2', '2', '14', 1]);
    book.put({ ...MARKET, remaining: d(0), status: 'CLOSED' });
    expect([heldIn(book), book.isEmpty()]).toEqual([['0', '0', '0', 0], true]);
  });

  it('recalls a price that stood in before, for a trade that is open or not yet', () => {
    const book = bookOf({ id: 'A', at: 1, qty: '2', price: null });
    book.recallStandIn('A', d(10));
    book.recallStandIn('A', d(8));
    book.recallStandIn('Z', d(5));
    expect(heldIn(book)).toEqual(['2', '2', '16', 1]);
    book.put(tradeFrom({ id: 'Z', at: 1, qty: '1', price: null }));
    expect(heldIn(book)).toEqual(['3', '3', '21', 2]);
  });

  it('lists what was open at a moment, oldest first and by name, whatever came first', () => {
    const rows = ['C', 'A', 'B'].map((id): OpenRow => ({ id, at: id === 'C' ? 1 : 2, qty: '1', price: '1' }));
    const later: OpenRow = { id: 'D', at: 3, qty: '1', price: '1' };
    for (const book of [bookOf(...rows, later), bookOf(later, ...rows.reverse())]) {
      expect(book.openAt('LONG', 2).map(({ tradeId }) => tradeId)).toEqual(['C', 'A', 'B']);
      expect(book.openAt('SHORT', 2)).toEqual([]);
    }
  });

  it('has unpriced trades on either side', () => {
    expect(bookOf({ id: 'S', at: 1, side: 'SHORT', qty: '2', price: null }).hasUnpriced).toBe(true);
    expect(bookOf({ id: 'S', at: 1, side: 'SHORT', qty: '2', price: '1' }).hasUnpriced).toBe(false);
  });

  it('takes away what it added of a trade whose fills average into a cost of its own', () => {
    const book = new SymbolBook('BTCUSDT');
    const cycle = {
      ...tradeFrom({ id: 'A', at: 1, qty: '3', price: '3.333333333333333333' }),
      costBasis: d(10),
    };
    book.put(cycle);
    expect(heldIn(book)).toEqual(['3', '3', '10', 1]);
    book.put({ ...cycle, remaining: d(1), costBasis: d('3.333333333333333334') });
    expect(heldIn(book)).toEqual(['1', '1', '3.333333333333333334', 1]);
    book.put({ ...cycle, remaining: d(0), costBasis: d(0), status: 'CLOSED' });
    expect(heldIn(book)).toEqual(['0', '0', '0', 0]);
  });

  it('awaits facts whose correction came first, by any of their keys', () => {
    const book = new SymbolBook('BTCUSDT');
    expect(book.awaits(['opened:A'])).toBe(false);
    book.awaited = 'event:7\nopened:A';
    expect([
      book.awaits(['x', 'opened:A']),
      book.awaits(['event:7']),
      book.awaits(['opened']),
      book.clone().awaited,
    ]).toEqual([...[true, true, false, 'event:7\nopened:A']]);
  });

  it('is not empty while a close waits', () => {
    const { book } = ledger([closed({ id: 'A', at: 1, exit: '2' })]);
    expect([book.isEmpty(), book.open.size]).toEqual([false, 0]);
  });

  it('is changed in a copy without the original noticing', () => {
    const { book } = ledger(
      [
        opened({ id: 'A', at: 1, qty: '2', price: null }),
        closed({ id: 'X', at: 3, exit: '2' }),
        closed({ at: 2, exit: '3', qty: '1' }),
      ],
      { A: '4' },
    );
    const before = bookRows(book);
    const copy = book.clone();
    expect([bookRows(copy), text(copy.standIns.get('A'))]).toEqual([before, '4']);
    copy.put(tradeFrom({ id: 'B', at: 1, qty: '2', price: '1' }));
    copy.standIns.set('B', d(1));
    copy.unmatched.clear();
    copy.lastAt = copy.lastUnnamedAt = 99;
    expect([bookRows(book), book.standIns.size]).toEqual([before, 1]);
    expect(bookRows(copy)).not.toEqual(before);
  });
});

describe('changes of rows', () => {
  const set = () => new ChangeSet<{ key: string; value: number }>(({ key }) => key);

  it('remember what was before the first of them', () => {
    const changes = set();
    changes.replace({ key: 'a', value: 1 }, { key: 'a', value: 2 });
    changes.replace({ key: 'a', value: 2 }, { key: 'a', value: 3 });
    changes.replace(null, { key: 'b', value: 9 });
    changes.replace({ key: 'b', value: 9 }, null);
    changes.replace(null, null);
    expect([...changes]).toEqual([
      { before: { key: 'a', value: 1 }, after: { key: 'a', value: 3 } },
      { before: null, after: null },
    ]);
    expect([changes.size, changes.find('a')?.after?.value, changes.find('c')]).toEqual([2, 3, undefined]);
  });

  it('add up over two sets', () => {
    const [one, two] = [set(), set()];
    one.replace({ key: 'a', value: 1 }, { key: 'a', value: 2 });
    two.replace({ key: 'a', value: 2 }, null);
    one.addAll(two);
    expect([...one]).toEqual([{ before: { key: 'a', value: 1 }, after: null }]);
  });

  it('of trades are empty until one of any kind came', () => {
    const filled = ledger([
      opened({ id: 'A', at: 1, qty: '1', price: '1', fee: '1' }),
      closed({ id: 'A', at: 2 }),
      closed({ id: 'B', at: 2 }),
    ]).changes;
    const all = new TradeChanges();
    expect(all.isEmpty).toBe(true);
    all.addAll(filled);
    expect([
      all.isEmpty,
      all.trades.size,
      all.bookings.size,
      all.discrepancies.size,
      all.unmatched.size,
    ]).toEqual([false, 1, 2, 1, 1]);
    for (const kind of ['trades', 'bookings', 'discrepancies', 'unmatched'] as const) {
      const one = new TradeChanges();
      (one[kind] as ChangeSet<object>).addAll(filled[kind] as ChangeSet<object>);
      expect(one.isEmpty).toBe(false);
    }
  });

  it('keep bookings of one fact on several trades, and trades of one name in several symbols, apart', () => {
    const { trades, bookings } = new TradeChanges();
    const booking = ledger([opened({ id: 'A', at: 1, qty: '1', price: '1', fee: '1' })])
      .bookings[0] as Booking;
    expect(bookings.keyOf(booking)).not.toBe(bookings.keyOf({ ...booking, tradeId: 'B' }));
    expect(bookings.keyOf(booking)).not.toBe(bookings.keyOf({ ...booking, version: 2 }));
    expect(trades.keyOf(MARKET)).not.toBe(trades.keyOf({ ...MARKET, symbol: 'ETHUSDT' }));
  });
});

describe('a finished trade', () => {
  const OPEN = opened({ id: 'A', at: 1, qty: '2', price: '10', fee: '1' });
  const counted = (...facts: Parameters<typeof ledger>[0]) => closedTradeOf(ledger(facts).trade('A'));

  it('counts with its whole net result when all of it is closed', () => {
    const trade = counted(
      OPEN,
      closed({ id: 'A', at: 2, qty: '1', exit: '20' }),
      closed({ id: 'A', at: 3, exit: '9' }),
    )!;
    expect([trade.tradeId, trade.closedAt, text(trade.pnl)]).toEqual(['A', 3, '8']); // 10 − 1 − 1
  });

  it('does not count while it is open, nor when its result is not known, nor when there is none', () => {
    expect([counted(OPEN), counted(OPEN, closed({ id: 'A', at: 2, qty: '1', exit: '20' }))]).toEqual([
      null,
      null,
    ]);
    expect([counted(OPEN, closed({ id: 'A', at: 2 })), closedTradeOf(null)]).toEqual([null, null]);
  });

  it('counts when only its close is known', () => {
    expect(counted(closed({ id: 'A', at: 2, exit: '20', pnl: '4' }))).toMatchObject({
      tradeId: 'A',
      closedAt: 2,
    });
  });
});

describe('the place of a symbol in the classification', () => {
  const map = {
    sectors: new Map([
      ['PEPE', 'MEME'],
      ['1000SHIB', 'LISTED'],
      ['SHIB', 'MEME'],
    ]),
    categories: new Map([
      ['PEPE', 'TOXIC'],
      ['1000SHIB', 'CORE'],
      ['SHIB', 'MONITORING'],
    ]),
  };

  it('is that of its base asset, multipliers resolved, unless its ticker has its own', () => {
    expect([sectorOf(map, '1000PEPEUSDT'), categoryOf(map, 'PEPEUSDC')]).toEqual(['MEME', 'TOXIC']);
    expect([sectorOf(map, '1000SHIBUSDT'), categoryOf(map, '1000SHIBUSDT')]).toEqual(['LISTED', 'CORE']);
  });

  it('is OTHER and EXPANSION when the map does not name it', () => {
    expect([sectorOf(map, 'BTCUSDT'), categoryOf(map, 'BTCUSDT')]).toEqual(['OTHER', 'EXPANSION']);
  });
});

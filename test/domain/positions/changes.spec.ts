import { TradeChanges } from '../../../src/positions/domain/changes.js';
import { applyOpen } from '../../../src/positions/domain/open-trade.js';
import { SymbolBook } from '../../../src/positions/domain/symbol-book.js';
import { SYMBOL, entryOf, opened } from './facts.js';

describe('changes of trades', () => {
  it('are none after they were cleared, and what comes then is new', () => {
    const changes = new TradeChanges();
    const book = new SymbolBook(SYMBOL);
    const open = (id: string) =>
      applyOpen(book, entryOf(opened({ id, at: 1, qty: 1, price: 10, fee: 1 }), 1), changes);
    open('A');
    changes.clear();
    expect(changes.isEmpty).toBe(true);
    open('B');
    expect([...changes.trades].map(({ before, after }) => [before, after?.tradeId])).toEqual([[null, 'B']]);
    expect(changes.bookings.size).toBe(1);
  });
});

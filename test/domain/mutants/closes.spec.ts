import { TradeChanges } from '../../../src/positions/domain/changes.js';
import { allocateClose } from '../../../src/positions/domain/close-parts.js';
import { noteTime } from '../../../src/positions/domain/close-trade.js';
import { tradeOf } from '../../../src/positions/domain/open-trade.js';
import { SymbolBook } from '../../../src/positions/domain/symbol-book.js';
import type { Trade } from '../../../src/positions/domain/trade.js';
import { applyUnmatched } from '../../../src/positions/domain/unmatched-close.js';
import type { CloseRow } from '../positions/facts.js';
import { SYMBOL, closed, d, entryOf, identified, opened, text } from '../positions/facts.js';

describe('a close spread over trades', () => {
  it('takes nothing of one that has nothing left', () => {
    const open = tradeOf(entryOf(opened({ id: 'B', at: 2, qty: '3', price: '1' }), 2));
    const spent: Trade = {
      ...tradeOf(entryOf(opened({ id: 'A', at: 1, qty: '3', price: '1' }), 1)),
      remaining: d(0),
    };
    const { parts, surplus } = allocateClose(closed({ at: 3, qty: '2' }), [spent, open]);
    expect(parts.map(({ trade, quantity }) => [trade.tradeId, text(quantity)])).toEqual([['B', '2']]);
    expect(text(surplus)).toBe('0');
  });
});

describe('an orphan', () => {
  const fold = (rows: readonly CloseRow[]) => {
    const [book, changes] = [new SymbolBook(SYMBOL), new TradeChanges()];
    return rows.reduce<Trade | null>(
      (known, row, i) =>
        applyUnmatched(book, identified(entryOf(closed({ id: 'A', ...row }), i + 1)), known, changes),
      null,
    )!;
  };
  const EARLY = { at: 5, exit: '10', pnl: '1', reason: 'tp' };
  const LATE = { at: 9, exit: '12', pnl: '2', reason: 'sl' };

  it('was closed by the latest of its closes, whichever came last', () => {
    for (const rows of [
      [EARLY, LATE],
      [LATE, EARLY],
    ])
      expect(fold(rows)).toMatchObject({ closedAt: 9, lastCloseAt: 9, closeReason: 'sl', closes: 2 });
    expect(fold([LATE, EARLY]).lastCloseKey).toBe(fold([EARLY, LATE]).lastCloseKey);
  });

  it('keeps the reason it has when a later close tells none', () => {
    expect(fold([EARLY, { ...LATE, reason: null }])).toMatchObject({ closedAt: 9, closeReason: 'tp' });
  });

  it('moves the time of its symbol by its close alone: when it opened is not known', () => {
    const book = new SymbolBook(SYMBOL);
    noteTime(book, closed({ id: 'A', at: 9 }), [fold([EARLY])]);
    expect([book.lastAt, book.lastUnnamedAt]).toEqual([9, null]);
  });
});

import { TradeChanges } from '../../../src/positions/domain/changes.js';
import { noteTime } from '../../../src/positions/domain/close-trade.js';
import { tradeOf } from '../../../src/positions/domain/open-trade.js';
import { SymbolBook } from '../../../src/positions/domain/symbol-book.js';
import type { Trade } from '../../../src/positions/domain/trade.js';
import { applyUnmatched } from '../../../src/positions/domain/unmatched-close.js';
import type { CloseRow } from '../positions/facts.js';
import { SYMBOL, closed, entryOf, identified, opened, text } from '../positions/facts.js';
import { ledger } from '../positions/ledger.js';

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

  it('was closed by the last of its closes', () => {
    expect(fold([EARLY, LATE])).toMatchObject({ closedAt: 9, lastCloseAt: 9, closeReason: 'sl', closes: 2 });
    expect(fold([EARLY, LATE]).lastCloseKey).not.toBe(fold([EARLY]).lastCloseKey);
  });

  it('keeps the reason it has when a later close tells none', () => {
    expect(fold([EARLY, { ...LATE, reason: null }])).toMatchObject({ closedAt: 9, closeReason: 'tp' });
  });

  it('has its entry price from whichever of its closes told one', () => {
    const { entryFrom, entryPrice } = fold([{ ...EARLY, entry: '8' }, LATE]);
    expect([entryFrom, text(entryPrice)]).toEqual(['close', '8']);
    expect(fold([EARLY, { ...LATE, entry: '8' }]).entryFrom).toBe('close');
    expect(fold([EARLY, LATE]).entryFrom).toBeNull();
  });
});

describe('the times up to which a symbol was folded', () => {
  const noted = (rows: readonly CloseRow[], trades: readonly Trade[] = []) => {
    const book = new SymbolBook(SYMBOL);
    for (const row of rows) noteTime(book, closed(row), trades);
    return [book.lastAt, book.lastUnnamedAt];
  };

  it('never go back, whatever is folded last', () => {
    expect(noted([{ at: 9 }, { at: 5 }])).toEqual([9, 9]);
    expect(noted([{ at: 5 }, { at: 9 }])).toEqual([9, 9]);
    expect(noted([{ at: 5 }, { id: 'A', at: 9 }])).toEqual([9, 5]);
  });

  it('take a close dated before its open for one right after it', () => {
    const late = tradeOf(entryOf(opened({ id: 'A', at: 7, qty: '3', price: '1' }), 1));
    expect(noted([{ id: 'A', at: 3 }], [late])).toEqual([7, null]);
  });
});

describe('a doubt about a price', () => {
  it('carries the amounts that are known of its close', () => {
    const { doubts } = ledger([
      opened({ id: 'A', at: 1, qty: '2', price: null }),
      closed({ id: 'A', at: 2, exit: '10', pnl: '3', qty: '1' }),
      closed({ id: 'A', at: 3 }),
    ]);
    expect(doubts.map((row) => [row.version, row.kind, text(row.reported), row.computed, row.size])).toEqual([
      [2, 'entry_price_unknown', '3', null, null],
      [3, 'entry_price_unknown', null, null, null],
      [3, 'exit_price_unknown', null, null, null],
    ]);
    expect(doubts[2]).toMatchObject({ reported: null, computed: null, size: null });
  });
});

describe('the size of a close', () => {
  const open = opened({ id: 'A', at: 1, qty: '2', price: '10', fee: '0.1' });
  const derived = (...rows: readonly CloseRow[]) =>
    ledger([open, ...rows.map(closed)]).bookings.map(({ kind, quantityDerived }) => [kind, quantityDerived]);

  it('is derived only where the close told none and its PnL and prices tell it', () => {
    expect(derived({ id: 'A', at: 2, entry: '10', exit: '12', pnl: '2' })).toEqual([
      ['opening_fee', false],
      ['close', true],
    ]);
    expect(derived({ id: 'A', at: 2, exit: '12', pnl: '2', qty: '1' })[1]).toEqual(['close', false]);
    expect(derived({ id: 'A', at: 2, exit: '12' })[1]).toEqual(['close', false]);
  });

  it('is told in the same way where the close stands alone', () => {
    const alone = (row: Partial<CloseRow>) => derived({ id: 'B', at: 2, exit: '12', pnl: '2', ...row })[1];
    expect([alone({ entry: '10' }), alone({ qty: '1' }), alone({})]).toEqual([
      ['close', true],
      ['close', false],
      ['close', false],
    ]);
  });
});

describe('changes', () => {
  const row = { version: 1, tradeId: 'A', symbol: SYMBOL, occurredAt: 1 };
  const trade = tradeOf(entryOf(opened({ id: 'A', at: 1, qty: '1', price: '1' }), 1));
  const doubt = { ...row, kind: 'over_close', reported: null, computed: null, size: null } as const;
  const fee = {
    quantity: null,
    quantityDerived: false,
    entryPrice: null,
    exitPrice: null,
    fee: null,
    openingFee: null,
  } as const;
  const booking = { ...row, ...fee, kind: 'fee', reported: null, computed: null, amount: null } as const;
  const waiting = { ...row, side: null, receivedAt: 1, booked: false };

  it('are none only when no row of any kind changed', () => {
    const all: readonly ((changes: TradeChanges) => void)[] = [
      ({ trades }) => trades.replace(null, trade),
      ({ bookings }) => bookings.replace(null, booking),
      ({ discrepancies }) => discrepancies.replace(null, doubt),
      ({ unmatched }) => unmatched.replace(null, waiting),
    ];
    const emptyAfter = (...some: typeof all) => {
      const changes = new TradeChanges();
      for (const change of some) change(changes);
      return changes.isEmpty;
    };
    expect(emptyAfter()).toBe(true);
    for (const one of all) for (const other of all) expect(emptyAfter(one, other)).toBe(false);
  });
});

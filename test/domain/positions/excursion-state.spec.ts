import { ExcursionState } from '../../../src/positions/excursion-state.js';
import { SymbolBook } from '../../../src/positions/domain/symbol-book.js';
import type { Trade } from '../../../src/positions/domain/trade.js';
import { NO_TRADE_YET } from '../../../src/positions/domain/trade.js';
import { Decimal } from '../../../src/shared/decimal.js';

const d = (value: number) => Decimal.integer(value);
const mark = (price: number, at: number) => ({ price: d(price), at, source: 'mark_price' as const });

function trade(tradeId: string, openedAt = 0, more: Partial<Trade> = {}): Trade {
  return {
    ...NO_TRADE_YET,
    ...{
      tradeId,
      symbol: 'B',
      side: 'LONG',
      status: 'OPEN',
      quantity: d(1),
      remaining: d(1),
      entryPrice: d(100),
    },
    ...{
      entryFrom: 'open',
      openedAt,
      openedVersion: 1,
      leverage: null,
      stopLoss: null,
      takeProfit: null,
      fee: null,
    },
    ...{ category: null, model: null, realizedPnl: Decimal.ZERO, ...more },
  };
}

function bookOf(...trades: Trade[]): SymbolBook {
  const book = new SymbolBook('B');
  for (const one of trades) book.put(one);
  return book;
}

/** What waits to be written: trade, lowest and highest mark. */
const waiting = (state: ExcursionState, which: 'all' | 'touched' = 'all') =>
  [...state.unwritten(which)].map(({ tradeId, excursion: { low, high } }) =>
    [tradeId, low?.toString() ?? '-', high?.toString() ?? '-'].join(' '),
  );

/** A committed state whose trades of a book saw nothing yet and are written. */
function stateOf(book: SymbolBook): ExcursionState {
  const state = new ExcursionState();
  state.seePresent(book, undefined);
  state.written([...state.unwritten('all')]);
  return state;
}

describe('what marks did', () => {
  it('is taken in once, by every open trade', () => {
    const book = bookOf(trade('a'), trade('b'));
    const state = stateOf(book);
    for (const price of [101, 97, 104]) state.see('B', mark(price, 5));
    expect(waiting(state)).toEqual([]);
    state.takeIn(book);
    state.takeIn(book);
    expect(waiting(state)).toEqual(['a 97 104', 'b 97 104']);
    state.written([...state.unwritten('all')]);
    state.see('B', mark(100, 6));
    state.takeIn(book);
    expect(waiting(state)).toEqual([]);
  });

  it('of another symbol is nothing to a book', () => {
    const state = new ExcursionState();
    state.takeIn(bookOf(trade('a')));
    state.see('C', mark(1, 5));
    state.takeIn(bookOf(trade('a')));
    state.forgetClosed(new SymbolBook('D'));
    expect(waiting(state)).toEqual([]);
  });

  it('stays to be written when it changed while it was written', () => {
    const book = bookOf(trade('a'));
    const state = stateOf(book);
    state.see('B', mark(90, 5));
    state.takeIn(book);
    const rows = [...state.unwritten('all')];
    state.see('B', mark(80, 6));
    state.takeIn(book);
    state.written(rows);
    expect(waiting(state)).toEqual(['a 80 90']);
    state.written([{ ...rows[0]!, symbol: 'gone' }]);
  });

  it('before a trade opened is not its own: the present mark only when it is not older', () => {
    const book = bookOf(trade('old', 10), trade('new', 20));
    const state = new ExcursionState();
    state.seePresent(book, mark(95, 15));
    expect(waiting(state)).toEqual(['old 95 95', 'new - -']);
    state.seePresent(book, mark(94, 20));
    expect(waiting(state)).toEqual(['old 94 95', 'new 94 94']);
  });
});

describe('a unit that closes a trade', () => {
  it('lets it see what came before, and the others what comes meanwhile', () => {
    const before = bookOf(trade('closes'), trade('stays'));
    const committed = stateOf(before);
    committed.see('B', mark(90, 5));
    const fork = committed.fork();
    fork.touch('B', before);
    fork.touch('B', before);
    const after = bookOf(trade('stays'));
    fork.forgetClosed(after);
    committed.see('B', mark(70, 6));
    expect(waiting(fork, 'touched')).toEqual(['closes 90 90', 'stays 90 90']);
    // The beat of the second falls into the unit.
    committed.takeIn(before);
    expect(fork.isForkOf(committed)).toBe(true);
    expect([...fork.succeed(committed)!]).toEqual(['B']);
    fork.takeIn(after);
    expect(waiting(fork)).toEqual(['closes 90 90', 'stays 70 90']);
    expect(fork.isForkOf(committed)).toBe(false);
  });

  it('and fails leaves the committed state as it was', () => {
    const book = bookOf(trade('a'));
    const committed = stateOf(book);
    const fork = committed.fork();
    fork.touch('B', book);
    fork.forgetClosed(new SymbolBook('B'));
    committed.see('B', mark(90, 5));
    committed.takeIn(book);
    expect(waiting(committed)).toEqual(['a 90 90']);
    const next = committed.fork();
    next.touch('B', book);
    committed.see('B', mark(95, 6));
    next.succeed(committed);
    next.see('B', mark(96, 7));
    next.takeIn(book);
    expect(waiting(next)).toEqual(['a 90 96']);
  });

  it('shares the symbols that it does not touch', () => {
    const book = bookOf(trade('a'));
    const committed = stateOf(book);
    const fork = committed.fork();
    fork.touch('C', undefined);
    committed.see('B', mark(90, 5));
    expect(waiting(fork, 'touched')).toEqual([]);
    fork.succeed(committed);
    fork.takeIn(book);
    expect(waiting(fork)).toEqual(['a 90 90']);
  });
});

describe('a state that was loaded', () => {
  it('takes over what the one before it saw and the database may not have', () => {
    const book = bookOf(trade('a'), trade('closed'));
    const before = stateOf(book);
    before.see('B', mark(90, 5));
    before.takeIn(book);
    const rows = [...before.unwritten('all')];
    const loaded = new ExcursionState();
    loaded.put('B', 'a', { ...rows[0]!.excursion, low: d(95), high: d(130) });
    expect(loaded.succeed(before)).toBeNull();
    loaded.forgetClosed(bookOf(trade('a')));
    expect(waiting(loaded)).toEqual(['a 90 130', 'closed 90 90']);
    expect(new ExcursionState().succeed(null)).toBeNull();
  });
});

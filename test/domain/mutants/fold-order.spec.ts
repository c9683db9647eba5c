import {
  closesInOrder,
  executionPrice,
  foldTrades,
  opensInOrder,
} from '../../../src/positions/domain/fold-trades.js';
import type { CloseRow, ExecutionRow, OpenRow, TradeFact } from '../positions/facts.js';
import { SYMBOL, closed, d, entryOf, executed, identified, opened, text } from '../positions/facts.js';
import { ledger } from '../positions/ledger.js';

const open = (row: Partial<OpenRow> & { id: string; at: number }) =>
  opened({ qty: '4', price: '10', ...row });
const close = (row: CloseRow) => closed({ exit: '11', qty: '1', ...row });
/** A close that carries too little to be booked by itself. */
const bare = (id: string, at: number) => closed({ id, at });

describe('an open can simply be added', () => {
  const opens = (facts: readonly TradeFact[], at: number, id = 'B') =>
    opensInOrder(ledger(facts).book, open({ id, at }));
  const unnamed = [open({ id: 'A', at: 1 }), close({ at: 5 })];

  it('to an empty book, and before anything that names its trade', () => {
    expect(opens([], 1)).toBe(true);
    expect(opens([open({ id: 'A', at: 1 }), close({ id: 'A', at: 5 })], 3)).toBe(true);
  });

  it('after the last close that named no trade, and not at its time: that one might have taken it', () => {
    expect([opens(unnamed, 6), opens(unnamed, 5), opens(unnamed, 4)]).toEqual([true, false, false]);
  });

  it('unless a close of that very trade waits for it', () => {
    expect([opens([bare('B', 5)], 1, 'B'), opens([bare('B', 5)], 1, 'C')]).toEqual([false, true]);
    expect(opens([bare('B', 5), bare('C', 6)], 1, 'B')).toBe(false);
  });
});

describe('a close that names no trade can simply be applied', () => {
  const closes = (facts: readonly TradeFact[], row: CloseRow) =>
    closesInOrder(ledger(facts).book, identified(entryOf(close(row), 9)), null);
  const one = open({ id: 'A', at: 1 });
  const unpriced = open({ id: 'M', at: 1, price: null });
  const touched = [unpriced, close({ id: 'M', at: 2 })];

  it('to an empty book at any time, and after everything that was folded', () => {
    expect([closes([], { at: 0 }), closes([], { at: 9 })]).toEqual([true, true]);
    const folded = [one, close({ id: 'A', at: 5 })];
    expect([6, 5, 4].map((at) => closes(folded, { at }))).toEqual([true, false, false]);
  });

  it('unless it tells a price that an earlier close of an open trade needed', () => {
    expect(closes(touched, { at: 9, entry: '10' })).toBe(false);
    expect(closes([one, ...touched], { at: 9, entry: '10' })).toBe(false);
    expect(closes(touched, { at: 9 })).toBe(true);
    expect(closes([unpriced], { at: 9, entry: '10' })).toBe(true);
    expect(closes([one, close({ id: 'A', at: 2 })], { at: 9, entry: '10' })).toBe(true);
  });
});

describe('a close that names its trade can simply be applied', () => {
  const closes = (facts: readonly TradeFact[], row: CloseRow) => {
    const { book } = ledger(facts);
    return closesInOrder(book, identified(entryOf(close(row), 9)), book.open.get(row.id!) ?? null);
  };
  const seven = open({ id: 'A', at: 7 });

  it('before its open came, when no later close of that trade waits', () => {
    expect([6, 5, 4].map((at) => closes([bare('A', 5)], { id: 'A', at }))).toEqual([true, false, false]);
    expect(closes([bare('B', 5), bare('C', 6)], { id: 'A', at: 4 })).toBe(true);
    expect(closes([bare('B', 9), bare('A', 5)], { id: 'A', at: 6 })).toBe(true);
  });

  it('after the last one that named no trade, counted from its own open at the earliest', () => {
    const unnamed = [open({ id: 'A', at: 1 }), close({ at: 5 }), open({ id: 'B', at: 7 })];
    expect([6, 5, 4].map((at) => closes(unnamed, { id: 'A', at }))).toEqual([true, false, false]);
    expect(closes(unnamed, { id: 'B', at: 3 })).toBe(true);
    expect(closes([seven], { id: 'A', at: 3 })).toBe(true);
  });

  it('after the last close of its trade, which counts from its open at the earliest', () => {
    const once = [open({ id: 'A', at: 1 }), close({ id: 'A', at: 5 })];
    expect([6, 5, 4].map((at) => closes(once, { id: 'A', at }))).toEqual([true, false, false]);
    const before = [seven, close({ id: 'A', at: 3 })];
    expect([8, 7, 5].map((at) => closes(before, { id: 'A', at }))).toEqual([true, false, false]);
    expect([closes([seven], { id: 'A', at: 7 }), closes([seven], { id: 'A', at: 8 })]).toEqual([true, true]);
    expect(closes([open({ id: 'A', at: 0 })], { id: 'A', at: 0 })).toBe(true);
  });

  it('unless it tells a price that an earlier close of the trade needed', () => {
    const unpriced = open({ id: 'M', at: 1, price: null });
    const touched = [unpriced, close({ id: 'M', at: 2 })];
    const priced = [open({ id: 'M', at: 1 }), close({ id: 'M', at: 2 })];
    expect(closes(touched, { id: 'M', at: 9, entry: '10' })).toBe(false);
    expect(closes(touched, { id: 'M', at: 9 })).toBe(true);
    expect(closes([unpriced], { id: 'M', at: 9, entry: '10' })).toBe(true);
    expect(closes(priced, { id: 'M', at: 9, entry: '10' })).toBe(true);
  });
});

describe('facts of one microsecond', () => {
  const fold = (opens: Parameters<typeof foldTrades>[0]['opens'], keys: readonly string[] = []) =>
    foldTrades({
      symbol: SYMBOL,
      opens,
      closes: keys.map((key, i) => ({ ...entryOf(close({ at: 5, exit: `${11 + i}` }), i + 1), key })),
      executions: [],
      levels: [],
      standIns: new Map(),
    });
  const two = [
    entryOf(open({ id: 'A', at: 1, qty: '1' }), 8),
    entryOf(open({ id: 'B', at: 2, qty: '1' }), 9),
  ];

  it('are folded by what they are and not by how they came: closes by their identity', () => {
    const exitOf = (id: string, keys: readonly string[]) =>
      text(fold(two, keys).changes.trades.find(`${SYMBOL}/${id}`)!.after!.exitPrice);
    expect([exitOf('A', ['k1', 'k2']), exitOf('B', ['k1', 'k2'])]).toEqual(['11', '12']);
    expect([exitOf('A', ['k2', 'k1']), exitOf('B', ['k2', 'k1'])]).toEqual(['12', '11']);
  });

  it('are folded by what they are: executions by theirs', () => {
    const at = (row: Omit<ExecutionRow, 'at'>) => executed({ at: 5, ...row });
    const one = entryOf(at({ order: 'o1', trade: 'A', price: '10' }), 1);
    const other = entryOf(at({ order: 'o2', trade: 'A', price: '12' }), 2);
    expect(
      [
        [one, other],
        [other, one],
      ].map((both) => text(executionPrice('A', both))),
    ).toEqual(['10', '10']);
  });

  it('are opened by the fact itself, whichever of its supplements is handed over before it', () => {
    const more = entryOf(open({ id: 'A', at: 1, qty: '9', fee: '1' }), 2, 'supplement');
    const fact = entryOf(open({ id: 'A', at: 1, qty: '4' }), 3);
    for (const opens of [
      [more, fact],
      [fact, more],
    ]) {
      const trade = fold(opens).changes.trades.find(`${SYMBOL}/A`)!.after!;
      expect([trade.openedVersion, trade.quantity!.equals(d(4)), text(trade.fee)]).toEqual([3, true, '1']);
    }
  });
});

import type { OpenRow } from '../positions/facts.js';
import { closed, d, opened, text } from '../positions/facts.js';
import { ledger, positionsOf } from '../positions/ledger.js';

const at = (price: string) => ({ price: d(price), at: 50, source: 'mark_price' as const });
const bookOf = (...rows: OpenRow[]) => ledger(rows.map(opened)).book;
const row = (told: Partial<OpenRow> & { id: string; at: number }): OpenRow => ({
  qty: '1',
  price: '10',
  ...told,
});
const shown = (...rows: OpenRow[]) => positionsOf(bookOf(...rows), at('12'), 0);

describe('a position', () => {
  it('is made of the trades of its own side alone', () => {
    const [long, short] = shown(
      row({ id: 'S', at: 1, side: 'SHORT', leverage: '3', category: 'TOXIC' }),
      row({ id: 'L', at: 2, leverage: '5', category: 'CORE' }),
    );
    expect([text(long!.leverage), long!.category, long!.openedAt]).toEqual(['5', 'CORE', 2]);
    expect([text(short!.leverage), short!.category, short!.openedAt]).toEqual(['3', 'TOXIC', 1]);
  });

  it('does not know an entry price as soon as one of its trades has none', () => {
    const [mixed] = shown(row({ id: 'A', at: 1 }), row({ id: 'B', at: 2, price: null }));
    expect(mixed!.entryUnknown).toBe(true);
    expect(shown(row({ id: 'A', at: 1 }))[0]!.entryUnknown).toBe(false);
  });

  it('has no percent of a cost that is nothing, nor of an unrealized PnL that is not known', () => {
    const [free] = shown(row({ id: 'A', at: 1, price: '0' }));
    expect([text(free!.unrealizedPnl), free!.unrealizedPnlPct]).toEqual(['12', null]);
    const partly = bookOf(row({ id: 'A', at: 1 }), row({ id: 'B', at: 2, price: null }));
    const [unmarked] = positionsOf(partly, undefined, 0);
    expect([unmarked!.unrealizedPnl, unmarked!.unrealizedPnlPct]).toEqual([null, null]);
  });

  it('has the category of its latest trade that tells one, of two of one moment the last by name', () => {
    const same = ['A', 'B'].map((id) => row({ id, at: 1, category: id }));
    for (const rows of [same, [...same].reverse()]) expect(shown(...rows)[0]!.category).toBe('B');
    expect(
      shown(row({ id: 'Z', at: 1, category: 'Z' }), row({ id: 'A', at: 2, category: 'A' }))[0]!.category,
    ).toBe('A');
  });
});

describe('the book of a symbol', () => {
  it('is empty only when nothing is open and nothing waits', () => {
    expect(bookOf().isEmpty()).toBe(true);
    expect(bookOf(row({ id: 'A', at: 1 })).isEmpty()).toBe(false);
    expect(ledger([closed({ id: 'A', at: 1 })]).book.isEmpty()).toBe(false);
  });
});

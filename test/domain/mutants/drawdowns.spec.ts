import {
  longestClosedTradeDrawdown,
  closedTradeDrawdown,
} from '../../../src/drawdown/domain/series/closed-trades.js';
import { episodes, timeUnderwater } from '../../../src/drawdown/domain/series/recoveries.js';
import { d, ds, text } from '../accounting/numbers.js';

describe('the longest drawdown of closed trades', () => {
  const trades = (...pnls: number[]) =>
    pnls.map((pnl, i) => ({ pnl: d(pnl), openedAt: 100 + 10 * i, closedAt: 105 + 10 * i }));

  it('begins with the first trade’s opening', () => {
    expect(longestClosedTradeDrawdown(trades(-1, 3)).value).toBe(15); // 115 − 100
  });

  it('needs a loss in between: a row of wins has none', () => {
    expect(longestClosedTradeDrawdown(trades(1, 2, 3)).reason).toBe('no_drawdown');
    expect(longestClosedTradeDrawdown(trades(3, -1, 2, 5)).value).toBe(20); // 125 − 105, and not from there to 135
    expect(text(closedTradeDrawdown(ds(3, -1, 2, 5)))).toBe('1');
  });

  it('is over only once: the win after it begins anew', () => {
    expect(longestClosedTradeDrawdown([...trades(3, -1, 2), late(5)]).value).toBe(20);
  });

  const late = (pnl: number) => ({ pnl: d(pnl), openedAt: 900, closedAt: 1_000 });
});

describe('a stay under water', () => {
  it('is none of a series that ends at its peak', () => {
    expect(episodes(ds(1, 2, 3))).toEqual([]);
    expect(episodes(ds(2, 1, 2))).toEqual([{ peakIndex: 0, troughIndex: 1, recoveredIndex: 2 }]);
  });

  it('runs at the end of the series, whichever it is', () => {
    expect(timeUnderwater(ds(2, 1), [0, 7])).toBe(7);
    expect(timeUnderwater(ds(2, 1, 3, 2, 4, 3), [0, 1, 2, 3, 4, 9])).toBe(5);
    expect(timeUnderwater(ds(2, 1, 3, 2, 4), [0, 1, 2, 3, 4])).toBe(0);
  });
});

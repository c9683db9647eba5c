import fc from 'fast-check';
import { PnlState } from '../../../src/pnl/pnl-state.js';
import { foldTrades } from '../../../src/positions/domain/fold-trades.js';
import type { Arrival } from './arrivals.js';
import { arrivals } from './arrivals.js';
import { LiveSymbol, SHORT_DAYS } from './live-symbol.js';
import { bookRows, rowsOf, symbolFacts } from './rows.js';

const RUNS = { numRuns: Number(process.env['RUNS'] ?? 1_000) };

/** Lets a symbol live through what arrives. A batch ends before a price, a restart and the last look. */
function live(happened: readonly Arrival[]): LiveSymbol {
  const symbol = new LiveSymbol();
  for (const arrival of happened) {
    if ('fact' in arrival) symbol.take(arrival.fact);
    else symbol.endBatch();
    if ('tick' in arrival) symbol.tick(arrival.tick);
    if ('process' in arrival) symbol.restart();
  }
  symbol.endBatch();
  return symbol;
}

/** What a rebuild makes of the ledger: the same decisions, in the order of the ledger, in one batch, with what stood in known. */
function rebuilt({ ledger, standIns }: LiveSymbol): LiveSymbol {
  const symbol = new LiveSymbol(new Map(standIns));
  for (const entry of ledger) symbol.replay(entry);
  symbol.endBatch();
  return symbol;
}

const stateOf = (symbol: Pick<LiveSymbol, 'rows' | 'book'>) => ({
  ...rowsOf(symbol.rows),
  ...bookRows(symbol.book),
});

function foldOf({ ledger, standIns }: LiveSymbol): Pick<LiveSymbol, 'rows' | 'book'> {
  const { book, changes } = foldTrades(symbolFacts(ledger, standIns));
  return { rows: changes, book };
}

/** The sums of PnL, and the days on which there is something to say. */
function pnlOf({ sums, days }: PnlState): unknown {
  const told = [...days].filter(([, day]) => !day.realized.isZero() || day.closedTrades !== 0);
  return JSON.parse(JSON.stringify([sums, told.sort(([a], [b]) => (a < b ? -1 : 1))]));
}

describe('what facts left one by one as they arrived', () => {
  it('is what the fold of all of them says, row for row', () => {
    fc.assert(
      fc.property(arrivals, (happened) => {
        const symbol = live(happened);
        expect(stateOf(symbol)).toEqual(stateOf(foldOf(symbol)));
      }),
      RUNS,
    );
  });

  // The second seed once found a statement of the exchange whose meaning changed with a mark that came after it.
  it.each([RUNS, { seed: 1_054_161_070, numRuns: 300 }])(
    'is what a rebuild from the ledger says, row for row (%j)',
    (runs) => {
      fc.assert(
        fc.property(arrivals, (happened) => {
          const symbol = live(happened);
          expect(stateOf(symbol)).toEqual(stateOf(rebuilt(symbol)));
        }),
        runs,
      );
    },
  );

  it('adds up to the PnL of the fold, in sum and by day', () => {
    fc.assert(
      fc.property(arrivals, (happened) => {
        const symbol = live(happened);
        const folded = new PnlState(SHORT_DAYS);
        folded.addTradeChanges(foldOf(symbol).rows);
        expect(pnlOf(symbol.pnl)).toEqual(pnlOf(folded));
      }),
      RUNS,
    );
  });
});

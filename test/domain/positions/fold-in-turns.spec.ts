import { fillIdOf, fillsFold, foldFills } from '../../../src/positions/domain/fold-fills.js';
import type { Folded } from '../../../src/positions/domain/fold-trades.js';
import { foldTrades, tradesFold } from '../../../src/positions/domain/fold-trades.js';
import { inTurns } from '../../../src/shared/turns.js';
import { SYMBOL, closed, entryOf, executed, opened } from './facts.js';
import { symbolFacts } from './rows.js';

const shown = ({ book, changes }: Folded) => {
  const { trades, bookings, discrepancies, unmatched } = changes;
  return [book, ...[trades, bookings, discrepancies, unmatched].map((set: Iterable<object>) => [...set])];
};

describe('a fold that is left in between', () => {
  // More than are sorted in one go, newest first.
  const at = Array.from({ length: 1500 }, (_, i) => 3000 - 2 * i);

  it('of trades comes to what the fold without a pause does', async () => {
    const facts = symbolFacts(
      at.flatMap((moment, i) => [
        entryOf(opened({ id: `T${i}`, at: moment, qty: '1', price: '10' }), 2 * i + 1),
        entryOf(closed({ id: `T${i}`, at: moment + 1, exit: 11 }), 2 * i + 2),
      ]),
    );
    const folded = await inTurns(tradesFold(facts));
    expect([...folded.changes.bookings]).toHaveLength(1500);
    expect(shown(folded)).toEqual(shown(foldTrades(facts)));
  });

  it('of fills does too', async () => {
    const fills = at.map((moment, i) => {
      const fact = executed({ at: moment, order: `O${i}`, price: '10' });
      return { ...entryOf(fact, i + 1), fillId: fillIdOf(fact) };
    });
    const folded = await inTurns(fillsFold(SYMBOL, fills, 'netting', []));
    expect(folded.book.lastFillId).toBe('O0');
    expect(shown(folded)).toEqual(shown(foldFills(SYMBOL, fills, 'netting')));
  });
});

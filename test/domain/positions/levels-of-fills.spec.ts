import fc from 'fast-check';
import type { LedgerEntry, PositionReconciled } from '../../../src/ledger/facts.js';
import { applyLevel } from '../../../src/positions/domain/apply-level.js';
import { TradeChanges } from '../../../src/positions/domain/changes.js';
import type { IdentifiedFill, PositionMode } from '../../../src/positions/domain/fold-fills.js';
import { fillsInOrder, foldFill, foldFills } from '../../../src/positions/domain/fold-fills.js';
import { levelsInOrder } from '../../../src/positions/domain/fold-trades.js';
import { SymbolBook } from '../../../src/positions/domain/symbol-book.js';
import type { LevelRow } from './facts.js';
import { SYMBOL, d, entryOf, executed, holding, text } from './facts.js';
import { bookRows, rowsOf } from './rows.js';

const fill = (
  id: string,
  at: number,
  signed: string,
  price: string | null,
  reduceOnly = false,
): IdentifiedFill => ({
  ...entryOf({ ...executed({ at, order: id, price }), quantity: d(signed), reduceOnly }, at),
  fillId: id,
});
const level = (row: LevelRow): LedgerEntry<PositionReconciled> => entryOf(holding(row), 100 + row.at);

describe('where fills are the source', () => {
  test('a statement puts the cycle right at average cost, and reverses what nets', () => {
    const { book, changes } = foldFills(
      SYMBOL,
      [fill('1', 1, '2', '100'), fill('2', 7, '1', '110')],
      'netting',
      [level({ at: 3, long: ['3', '102'], short: ['0', null] })],
    );
    expect(book.holding('LONG')).toMatchObject({ quantity: d('4'), costBasis: d('416'), trades: 1 });
    expect([...changes.trades]).toHaveLength(1);
    const turned = foldFills(SYMBOL, [fill('1', 1, '2', '100')], 'netting', [
      level({ at: 3, long: ['0', null], short: ['1', '90'] }),
    ]).book;
    expect([turned.holding('LONG').trades, text(turned.holding('SHORT').costBasis)]).toEqual([0, '90']);
    expect([...turned.open.values()].map(({ side }) => side)).toEqual(['SHORT']);
  });

  test('a cycle of which a statement closed a part has no price of its own any more', () => {
    const all = [fill('1', 1, '4', '100'), fill('2', 7, '-1', '110'), fill('3', 8, '-1', '120')];
    const { changes } = foldFills(SYMBOL, all, 'netting', [level({ at: 3, long: ['2', '100'] })]);
    const after = [...changes.trades][0]!.after!;
    expect(after).toMatchObject({ status: 'CLOSED', exitPrice: null, pnlUnknown: true });
    expect(text(after.realizedPnl)).toBe('30');
  });

  test('a fill of the statement’s moment is in it', () => {
    const { book } = foldFills(SYMBOL, [fill('1', 3, '2', '100')], 'netting', [
      level({ at: 3, long: ['2', '100'] }),
    ]);
    expect(book.holding('LONG')).toMatchObject({ quantity: d('2'), costBasis: d('200') });
    expect([fillsInOrder(book, fill('2', 3, '1', '1')), fillsInOrder(book, fill('2', 4, '1', '1'))]).toEqual([
      false,
      true,
    ]);
  });

  const signs = fc.constantFrom('1', '-1', '2', '-3', '0.5');
  const fills = fc.uniqueArray(
    fc.tuple(fc.integer({ min: 1, max: 20 }), signs, fc.constantFrom('7', '10', null), fc.boolean()),
    { maxLength: 10, selector: ([at]) => at },
  );
  const quantity = fc.constantFrom('0', '1', '2.5');
  const levels = fc.uniqueArray(
    fc.tuple(fc.integer({ min: 1, max: 20 }), quantity, fc.constantFrom('LONG', 'SHORT')),
    { maxLength: 5, selector: ([at]) => at },
  );

  test.each<PositionMode>(['netting', 'hedge'])(
    'one by one as they arrive is as folded at once, %s',
    (mode) => {
      fc.assert(
        fc.property(fills, levels, fc.integer(), (someFills, someLevels, seed) => {
          const allFills = someFills.map(([at, signed, price, reduces]) =>
            fill(`f${at}`, at, signed, price, reduces),
          );
          const allLevels = someLevels.map(([at, size, side]) =>
            level(
              side === 'LONG'
                ? { at, long: [size, '9'], short: ['0', null] }
                : { at, long: ['0', null], short: [size, '9'] },
            ),
          );
          const arriving = [...allFills, ...allLevels].sort(
            (a, b) => ((a.version * 7919 + seed) % 101) - ((b.version * 7919 + seed) % 101),
          );
          const live = liveFills(arriving, mode);
          const folded = foldFills(SYMBOL, allFills, mode, allLevels);
          expect([rowsOf(live.changes), bookRows(live.book)]).toEqual([
            rowsOf(folded.changes),
            bookRows(folded.book),
          ]);
        }),
        { numRuns: 200 },
      );
    },
  );
});

/** Takes fills and statements as they come, by the decisions of the commands. */
function liveFills(
  arriving: readonly (IdentifiedFill | LedgerEntry<PositionReconciled>)[],
  mode: PositionMode,
) {
  let [book, changes] = [new SymbolBook(SYMBOL), new TradeChanges()];
  const [fills, levels]: [IdentifiedFill[], LedgerEntry<PositionReconciled>[]] = [[], []];
  for (const entry of arriving) {
    if ('fillId' in entry) fills.push(entry);
    else levels.push(entry);
    if ('fillId' in entry && fillsInOrder(book, entry)) foldFill(book, entry, mode, changes);
    else if (!('fillId' in entry) && levelsInOrder(book, entry.fact)) applyLevel(book, entry, changes);
    else ({ book, changes } = foldFills(SYMBOL, fills, mode, levels));
  }
  return { book, changes };
}

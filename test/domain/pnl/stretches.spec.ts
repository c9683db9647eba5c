import fc from 'fast-check';
import type { LedgerEntry, WalletReconciled } from '../../../src/ledger/facts.js';
import type { Move } from '../../../src/pnl/domain/money-facts.js';
import { isSplitBy, moneyOf, settled, stretchesOf } from '../../../src/pnl/domain/money-facts.js';
import { atOnce } from '../../../src/shared/turns.js';
import { d, text } from './amounts.js';

const move = (at: number, amount: number): Move => ({ at, amount: d(amount) });
const stretches = (moves: readonly Move[], adoptedAt: readonly number[]) =>
  atOnce(stretchesOf(moves, adoptedAt));
const told = (moves: readonly Move[], adoptedAt: readonly number[]) =>
  stretches(moves, adoptedAt).map(({ since, at, amount }) => [since, at, text(amount)]);

/** The wallet at each of these moments, told in an order of its own. */
function statements(reported: readonly (readonly [number, number])[]): LedgerEntry<WalletReconciled>[] {
  return reported.map(([occurredAt, wallet], i) => ({
    ...{ version: i + 1, role: 'fact', receivedAt: 0 },
    fact: {
      ...{ kind: 'account.reconciliation', accountId: 'main', eventId: null, source: null, occurredAt },
      ...{ opening: false, booked: d(0), reported: d(wallet), difference: d(0) },
    },
  }));
}

const moments = fc.integer({ min: 0, max: 30 });
const moved = fc.array(fc.tuple(moments, fc.integer({ min: -9, max: 9 })).map(([at, by]) => move(at, by)));
const reports = fc.uniqueArray(fc.tuple(moments, fc.integer({ min: 0, max: 99 })), {
  selector: ([at]) => at,
  maxLength: 8,
});

describe('what moved a wallet, as stretches', () => {
  test('is one where no wallet was adopted, and none where nothing moved', () => {
    expect(told([move(5, 1), move(3, 2), move(-Infinity, 4)], [])).toEqual([[-Infinity, 5, '7']]);
    expect(told([], [1, 2])).toEqual([]);
  });

  test('belongs to the wallet of its own moment', () => {
    expect(told([move(4, 1), move(5, 2), move(6, 4), move(9, 8)], [5, 7])).toEqual([
      [4, 5, '3'],
      [6, 6, '4'],
      [9, 9, '8'],
    ]);
  });

  test.each([
    [2, false],
    [3, true],
    [6, true],
    [7, false],
  ])('from 3 to 7 is split by a wallet of %d: %s', (at, isSplit) => {
    expect(isSplitBy({ since: 3, at: 7, amount: d(1) }, [1, at, 9])).toBe(isSplit);
  });

  test('of one moment is never split', () => {
    expect(isSplitBy({ since: 3, at: 3, amount: d(1) }, [3])).toBe(false);
  });

  test('says of adopted wallets what the moves say, also of those told later unless they split one', () => {
    fc.assert(
      fc.property(moved, reports, fc.nat(8), (moves, reported, knownThen) => {
        const money = { ...moneyOf([]), statements: statements(reported) };
        const known = reported.slice(0, knownThen).map(([at]) => at);
        const found = stretches(
          moves,
          known.sort((a, b) => a - b),
        );
        const all = reported.map(([at]) => at).sort((a, b) => a - b);
        fc.pre(!found.some((stretch) => isSplitBy(stretch, all)));
        expect(found.length).toBeLessThanOrEqual(known.length + 1);
        const bookings = (some: readonly Move[]) =>
          settled(money, some).bookings.map(({ version, amount }) => [version, text(amount)]);
        expect(bookings(found)).toEqual(bookings(moves));
      }),
      { numRuns: 500 },
    );
  });
});

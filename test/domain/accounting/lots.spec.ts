import fc from 'fast-check';
import {
  costOfMatches,
  foldLots,
  lastCycleOf,
  openCost,
  openQuantity,
  proceedsOfMatches,
  realizedGrossOf,
  realizedOfBook,
  totalOfBook,
} from '../../../src/positions/domain/lots-book.js';
import type { LotMethod } from '../../../src/positions/domain/lots-order.js';
import { lotPrice, matchNet } from '../../../src/positions/domain/lots.js';
import { foldFills } from '../../../src/positions/domain/net-position-history.js';
import {
  type TradeGrouping,
  roundTripDuration,
  roundTripNet,
  roundTripReturn,
  roundTrips,
  withWholeFees,
} from '../../../src/positions/domain/round-trips.js';
import { Decimal } from '../../../src/shared/decimal.js';
import { EXPENSED, UNIT, d, fill, histories, prices, text } from './numbers.js';

const METHODS: readonly LotMethod[] = ['FIFO', 'LIFO', 'HIFO', 'LOFO', 'AVERAGE'];
const BUYS = [fill(10, 100, 1), fill(10, 130, 1), fill(10, 110, 1)];

function realized(method: LotMethod, sold: number): [string, (string | null)[]] {
  const { matches, lots } = foldLots([...BUYS, fill(-sold, 150, 3)], method);
  return [
    realizedGrossOf(matches).toString(),
    lots.map((lot) => `${text(lot.quantity)} @ ${text(lotPrice(lot))}`),
  ];
}

describe('lots', () => {
  it('close in the order of the method, whole and in part', () => {
    expect(realized('FIFO', 15)).toEqual(['600', ['5 @ 130', '10 @ 110']]); // 10 × 50 + 5 × 20
    expect(realized('LIFO', 15)).toEqual(['500', ['10 @ 100', '5 @ 130']]); // 10 × 40 + 5 × 20
    expect(realized('HIFO', 15)).toEqual(['400', ['10 @ 100', '5 @ 110']]); // 10 × 20 + 5 × 40
    expect(realized('LOFO', 15)).toEqual(['700', ['10 @ 130', '5 @ 110']]); // 10 × 50 + 5 × 40
    expect(realized('AVERAGE', 15)[1]).toHaveLength(2);
    expect(realized('FIFO', 30)).toEqual(['1100', []]);
  });

  it('take the lowest short first where the dearest is asked for', () => {
    const { lots } = foldLots([fill(-1, 100), fill(-1, 90), fill(1, 80)], 'HIFO');
    expect(lots.map((lot) => text(lotPrice(lot)))).toEqual(['100']);
  });

  it('reverse in one fill, the rest opening a lot with its share of the fee', () => {
    const book = foldLots([fill(2, 10, 1), fill(-3, 12, 3)], 'FIFO');
    expect(book.lots.map((lot) => [text(lot.quantity), text(lot.cost), text(lot.fee)])).toEqual([
      ['-1', '-12', '1'],
    ]);
    expect(text(matchNet(book.matches[0]!))).toBe('1'); // 4 − 1 − 2
    expect(text(book.fees)).toBe('4');
  });

  it('realize by fee convention', () => {
    const book = foldLots(
      [fill(2, 10, 1), { ...fill(-1, 12), fee: { amount: d(2), currency: 'USDT', paidIn: 'settlement' } }],
      'FIFO',
    );
    expect(text(realizedOfBook(book, 'expensed'))).toBe('-1'); // 2 − 3
    expect(text(realizedOfBook(book, 'capitalised'))).toBe('-0.5'); // 2 − 0.5 − 2
    expect(text(realizedOfBook(book, 'excluded'))).toBe('2');
    expect(text(foldLots([{ ...fill(1, 1), fee: null }], 'FIFO').fees)).toBe('0');
  });

  it('count since the last flat or reversal', () => {
    const closed = [fill(1, 10, 1), fill(-1, 15, 1)];
    const reopened = foldLots([...closed, fill(2, 20, 1), fill(-1, 21)], 'FIFO');
    expect(text(realizedOfBook(lastCycleOf(reopened), 'expensed'))).toBe('0'); // 1 − 1
    expect(text(realizedOfBook(reopened, 'expensed'))).toBe('3'); // 5 − 2 + 1 − 1
    expect(text(realizedOfBook(lastCycleOf(foldLots(closed, 'FIFO')), 'expensed'))).toBe('3');
    const reversed = foldLots([fill(1, 10), fill(-3, 12, 3)], 'FIFO');
    expect(text(realizedOfBook(lastCycleOf(reversed), 'expensed'))).toBe('-2');
    expect(text(totalOfBook(reversed, d(11), EXPENSED))).toBe('1'); // 2 − 3 + 2
  });

  it('know what the sold cost and brought in', () => {
    const { matches } = foldLots([fill(2, 10), fill(-1, 12)], 'FIFO');
    expect([costOfMatches(matches), proceedsOfMatches(matches)].map(text)).toEqual(['10', '12']);
  });

  it('lose a base fee from the lot it opens', () => {
    const paid = { ...fill(1, 2000), fee: { amount: d('0.001'), currency: 'ETH', paidIn: 'base' as const } };
    const { lots, fees } = foldLots([paid], 'LIFO');
    expect([text(lots[0]!.quantity), text(fees)]).toEqual(['0.999', '2']);
  });

  it('hold what the fills add up to, and realize + worth − cost the same money by every method', () => {
    fc.assert(
      fc.property(histories, prices, fc.constantFrom(...METHODS), (fills, mark, method) => {
        const { lots, matches } = foldLots(fills, method);
        const held = Decimal.sum(fills.map((fill) => fill.quantity));
        const cash = Decimal.sum(fills.map((fill) => fill.quantity.times(fill.price))).negated();
        expect(openQuantity(lots).toString()).toBe(held.toString());
        expect(realizedGrossOf(matches).plus(held.times(mark)).minus(openCost(lots)).toString()).toBe(
          cash.plus(held.times(mark)).toString(),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('pool to the net position at average cost', () => {
    fc.assert(
      fc.property(histories, (fills) => {
        const book = foldLots(fills, 'AVERAGE');
        const { state } = foldFills(fills);
        const apart = realizedGrossOf(book.matches).minus(state.realizedGross).abs();
        expect(apart.greaterThan(UNIT.times(Decimal.integer(50 * fills.length)))).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('leave exactly nothing behind, also where a cost has more places than a division keeps', () => {
    const { matches } = foldLots(
      [fill('0.0000000000003', '0.0000000000007'), fill('-0.0000000000003', 1)],
      'FIFO',
    );
    expect(matches.map((match) => text(match.cost))).toEqual(['0.00000000000000000000000021']);
  });

  it('share fees without a rest', () => {
    fc.assert(
      fc.property(histories, fc.constantFrom(...METHODS), (fills, method) => {
        const { lots, matches, fees } = foldLots(fills, method);
        const taken = matches.map((match) => match.entryFee.plus(match.exitFee));
        expect(Decimal.sum([...taken, ...lots.map((lot) => lot.fee)]).toString()).toBe(fees.toString());
      }),
      { numRuns: 200 },
    );
  });
});

describe('round trips', () => {
  function trips(fills: ReturnType<typeof fill>[], grouping: TradeGrouping, method: LotMethod = 'FIFO') {
    return roundTrips(foldLots(fills, method).steps, grouping).map((trip) => [
      trip.openedBy,
      trip.closedBy,
      trip.side,
      text(trip.quantity),
      text(trip.pnl),
      text(roundTripReturn(trip)),
    ]);
  }

  it('are one for every closing fill', () => {
    expect(trips([fill(2, 10), fill(2, 15), fill(-9, 10)], 'flat-to-reduced')).toEqual([
      [1, 3, 'LONG', '4', '-10', '-0.2'],
    ]);
    expect(trips([fill(2, 10), fill(-4, 15), fill(3, 20)], 'flat-to-reduced')).toEqual([
      [1, 2, 'LONG', '2', '10', '0.5'],
      [2, 3, 'SHORT', '2', '-10', '-0.333333333333333333'],
    ]);
  });

  it('are one for every entry met by an exit, or one from flat to flat', () => {
    const fills = [fill(1, 10), fill(1, 20), fill(-1, 30), fill(1, 40), fill(-2, 50), fill(1, 1)];
    expect(trips(fills, 'fill-to-fill').map((row) => row.slice(0, 2))).toEqual([
      [1, 3],
      [2, 5],
      [4, 5],
    ]);
    expect(trips(fills, 'flat-to-flat')).toEqual([[1, 5, 'LONG', '3', '60', '0.857142857142857143']]);
    expect(trips(fills, 'flat-to-flat', 'LIFO').map((row) => row.slice(0, 4))).toEqual([[1, 5, 'LONG', '3']]);
    expect(trips([fill(1, 10), fill(-2, 20), fill(1, 30)], 'flat-to-flat')).toHaveLength(2);
  });

  it('carry fees by quantity, or whole on the first trip that a fill touches', () => {
    const fills = [fill(1, 10, 2), fill(1, 11, 4), fill(-2, 12, 1), fill(1, 5, 8)];
    const fees = fills.map((one) => one.fee!.amount);
    const of = (grouping: TradeGrouping) => {
      const shared = roundTrips(foldLots(fills, 'FIFO').steps, grouping);
      return [shared, withWholeFees(shared, fees, grouping)].map((list) =>
        list.map((trip) => text(trip.fees)),
      );
    };
    expect(of('fill-to-fill')).toEqual([
      ['2.5', '4.5'],
      ['3', '4'],
    ]);
    expect(of('flat-to-flat')).toEqual([['7'], ['7']]);
  });

  it('have a net and a duration', () => {
    const timed = [
      { ...fill(1, 10, 1), occurredAt: 5 },
      { ...fill(-1, 15, 1), occurredAt: 9 },
    ];
    const [trip] = roundTrips(foldLots(timed, 'FIFO').steps, 'fill-to-fill');
    expect([text(roundTripNet(trip!)), roundTripDuration(trip!)]).toEqual(['3', 4]);
    expect([
      roundTripDuration({ ...trip!, openedAt: null }),
      roundTripDuration({ ...trip!, closedAt: null }),
    ]).toEqual([null, null]);
  });

  it('have no return on nothing', () => {
    expect(trips([fill(1, 0), fill(-1, 5)], 'fill-to-fill')).toEqual([[1, 2, 'LONG', '1', '5', null]]);
    expect(
      text(roundTrips(foldLots([fill(1, 5, 1), fill(-1, 5, 2)], 'FIFO').steps, 'flat-to-flat')[0]!.fees),
    ).toBe('3');
  });
});

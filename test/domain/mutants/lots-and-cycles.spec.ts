import { foldLegs } from '../../../src/positions/domain/fold-legs.js';
import { FLAT } from '../../../src/positions/domain/net-position.js';
import { foldLots, lastCycleOf } from '../../../src/positions/domain/lots-book.js';
import { foldFills } from '../../../src/positions/domain/net-position-history.js';
import { placeFill } from '../../../src/positions/domain/net-position-order.js';
import { averageOpen, cycleDuration } from '../../../src/positions/domain/net-position-report.js';
import { roundTrips } from '../../../src/positions/domain/round-trips.js';
import { d, fill, text } from '../accounting/numbers.js';

describe('the last cycle of lots', () => {
  it('began when the position was last flat, and not with the fill that extended it', () => {
    const book = foldLots([fill(1, 10), fill(1, 20), fill(-1, 30)], 'FIFO');
    expect(lastCycleOf(book).matches.map(({ realized }) => text(realized))).toEqual(['20']); // 30 − 10
  });

  it('is still that of before when a fill of nothing came after it was flat', () => {
    const book = foldLots([fill(1, 10), fill(-1, 15), fill(0, 20)], 'FIFO');
    expect(lastCycleOf(book).matches.map(({ realized }) => text(realized))).toEqual(['5']);
  });
});

describe('round trips', () => {
  const trips = (grouping: 'fill-to-fill' | 'flat-to-reduced' | 'flat-to-flat') =>
    roundTrips(foldLots([fill(2, 10), fill(-1, 12), fill(-1, 15)], 'FIFO').steps, grouping).map(({ pnl }) =>
      text(pnl),
    );

  it('end with each reduction, or only when flat', () => {
    expect([trips('flat-to-reduced'), trips('flat-to-flat'), trips('fill-to-fill')]).toEqual([
      ['2', '5'],
      ['7'],
      ['2', '5'],
    ]);
  });

  it('that one exit ends in parts begin with the oldest lot and end with the exit', () => {
    const { steps } = foldLots([fill(1, 10), fill(1, 20), fill(-1, 12), fill(-1, 15)], 'LIFO');
    const [trip] = roundTrips(steps, 'flat-to-flat');
    expect([trip!.openedBy, trip!.closedBy, trip!.side]).toEqual([1, 4, 'LONG']);
  });

  it('are none of a fill of nothing', () => {
    expect(roundTrips(foldLots([fill(0, 10)], 'FIFO').steps, 'flat-to-flat')).toEqual([]);
  });
});

describe('a fill put in its place', () => {
  const placed = (id: string, occurredAt: number) => ({ id, occurredAt });

  it('of one moment as another comes after it, when neither has an id', () => {
    const [one, other] = [
      { id: null, occurredAt: 1, name: 'one' },
      { id: null, occurredAt: 1, name: 'other' },
    ];
    expect(placeFill([one], other).fills).toEqual([one, other]);
    expect(placeFill([other], one).fills).toEqual([other, one]);
  });

  it('is late when it comes before all that were booked', () => {
    expect(placeFill([placed('T2', 2)], placed('T1', 1))).toMatchObject({ index: 0, late: true });
    expect(placeFill([], placed('T1', 1))).toMatchObject({ index: 0, late: false });
  });
});

describe('a cycle that is still open', () => {
  const reduced = () =>
    foldFills([
      { ...fill(3, 10), id: 'a', occurredAt: 1_000 },
      { ...fill(-1, 20), id: 'b', occurredAt: 2_000 },
    ]).state.current!;

  it('has no duration yet', () => expect(cycleDuration(reduced())).toBeNull());

  it('has the average entry of what is left after a reduction', () => {
    expect([text(averageOpen(reduced())), text(reduced().lastOpen.quantity)]).toEqual(['10', '2']);
  });
});

describe('the net view of legs', () => {
  it('is flat of nothing, and a leg of nothing says nothing', () => {
    expect([foldLegs([]), foldLegs([{ quantity: d(0), price: d(7), order: 1 }])]).toEqual([FLAT, FLAT]);
    const [one, none] = [
      { quantity: d(2), price: d(10), order: 1 },
      { quantity: d(0), price: d(99), order: 2 },
    ];
    const { quantity, costBasis } = foldLegs([one, none]);
    expect([text(quantity), text(costBasis)]).toEqual(['2', '20']);
  });
});

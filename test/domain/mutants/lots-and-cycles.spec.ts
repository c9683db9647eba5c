import { foldLots, lastCycleOf } from '../../../src/positions/domain/lots-book.js';
import { foldFills } from '../../../src/positions/domain/net-position-history.js';
import { placeFill } from '../../../src/positions/domain/net-position-order.js';
import { averageOpen, cycleDuration } from '../../../src/positions/domain/net-position-report.js';
import { roundTrips } from '../../../src/positions/domain/round-trips.js';
import { fill, text } from '../accounting/numbers.js';

describe('the last cycle of lots', () => {
  it('began when the position was last flat, and not with the fill that extended it', () => {
    const book = foldLots([fill(1, 10), fill(1, 20), fill(-1, 30)], 'FIFO');
    expect(lastCycleOf(book).matches.map(({ realized }) => text(realized))).toEqual(['20']); // 30 − 10
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

  it('are none of a fill of nothing', () => {
    expect(roundTrips(foldLots([fill(0, 10)], 'FIFO').steps, 'flat-to-flat')).toEqual([]);
  });
});

describe('a fill put in its place', () => {
  const placed = (id: string, occurredAt: number) => ({ id, occurredAt });

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

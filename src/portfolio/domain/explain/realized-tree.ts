import { Decimal } from '../../../shared/decimal.js';
import type { Day } from '../../../shared/periods.js';
import type { BookedFact } from './booking-node.js';
import { bookingNode } from './booking-node.js';
import type { ExplainedNode } from './node.js';
import { collapsed, shownAs, total } from './node.js';

/** What one calendar day realized, by its sum and by those of its bookings that are shown. */
export interface RealizedDay {
  readonly day: Day;
  /** As summed day by day when it was booked. */
  readonly realized: Decimal;
  readonly shown: readonly BookedFact[];
  /** The bookings of the day that are not shown. */
  readonly others: { readonly count: number; readonly amount: Decimal };
}

const NONE = { count: 0, amount: Decimal.ZERO };

/** A day of which only the sum and the number of bookings is told. */
export function closedDay(day: Day, realized: Decimal, count: number): RealizedDay {
  return { day, realized, shown: [], others: { count, amount: realized } };
}

/** A day with its newest bookings, and the others by their sum. */
export function openedDay(
  day: Day,
  realized: Decimal,
  shown: readonly BookedFact[],
  others: RealizedDay['others'] = NONE,
): RealizedDay {
  return { day, realized, shown, others };
}

/** Realized PnL of a period: by day, in a day by trade, in a trade by booking. */
export function realizedTree(name: string, formula: string, days: readonly RealizedDay[]): ExplainedNode {
  // A restatement may have moved all that a day had booked to another day: then nothing is left of it.
  const booked = days.filter(({ shown, others }) => shown.length + others.count > 0);
  return total(name, formula, booked.map(dayNode));
}

function dayNode({ day, realized, shown, others }: RealizedDay): ExplainedNode {
  const formula = 'Net realized PnL booked on this day of the calendar';
  if (shown.length === 0) return collapsed(day, formula, others.amount, others.count);
  const children = [...byTrade(shown)].map(tradeNode);
  if (others.count === 0) return shownAs(total(day, formula, children), realized);
  const earlier = collapsed('others', 'Earlier bookings of the day', others.amount, others.count);
  return shownAs({ ...total(day, formula, [...children, earlier]), collapsed: true }, realized);
}

/** Bookings by trade; those of the account itself are a group like a trade's. */
function byTrade(bookings: readonly BookedFact[]): Map<string, BookedFact[]> {
  const groups = new Map<string, BookedFact[]>();
  for (const booking of bookings) {
    const name = booking.tradeId === '' ? 'account' : `${booking.symbol} ${booking.tradeId}`;
    const group = groups.get(name);
    if (group) group.push(booking);
    else groups.set(name, [booking]);
  }
  return groups;
}

function tradeNode([name, bookings]: [string, BookedFact[]]): ExplainedNode {
  const formula =
    name === 'account' ? 'Fees, funding and reconciliations of the account' : 'What was booked on the trade';
  return total(name, formula, bookings.map(bookingNode));
}

/** Everything that was booked on one trade: its net PnL. */
export function tradeTree(symbol: string, tradeId: string, bookings: readonly BookedFact[]): ExplainedNode {
  return tradeNode([`${symbol} ${tradeId}`, [...bookings]]);
}

import type { Transaction } from '../../database/database.js';
import type { Side } from '../../ledger/facts.js';
import type { Booking } from '../../positions/domain/changes.js';
import { BOOKINGS } from '../../positions/positions-tables.js';
import { Decimal } from '../../shared/decimal.js';
import type { Calendar, Day } from '../../shared/periods.js';
import { isoOf, shiftDay } from '../../shared/periods.js';
import type { BookedFact } from '../domain/explain/booking-node.js';
import { startOfDay } from '../domain/explain/day-start.js';
import type { RealizedDay } from '../domain/explain/realized-tree.js';
import { closedDay, openedDay } from '../domain/explain/realized-tree.js';
import { originsOf } from './origins.js';

/** Local days, both included; null = without an end on that side. */
export interface Days {
  readonly first: Day | null;
  readonly last: Day | null;
}

const NEWEST_FIRST = 'occurred_at DESC, bookings.version DESC, trade_id DESC';

/** The days of a period that realized anything, the newest first; the newest `limit` bookings of it are shown, the others summed. */
export async function realizedDays(
  tx: Transaction,
  accountId: string,
  { first, last }: Days,
  calendar: Calendar,
  limit: number,
): Promise<RealizedDay[]> {
  const days = await tx.query<{ day: Day; realized: string }>(
    `SELECT day::text, realized::text FROM pnl_days WHERE account_id = $1
       AND ($2::date IS NULL OR day >= $2) AND ($3::date IS NULL OR day <= $3) ORDER BY pnl_days.day DESC`,
    [accountId, first, last],
  );
  if (days.length === 0) return [];
  const from = startOfDay(days.at(-1)!.day, calendar);
  const end = startOfDay(shiftDay(days[0]!.day, 1), calendar);
  const newest = await BOOKINGS.select(
    tx,
    `account_id = $1 AND occurred_at >= $2 AND occurred_at < $3 ORDER BY ${NEWEST_FIRST} LIMIT $4`,
    [accountId, isoOf(from), isoOf(end), limit],
  );
  const shown = await withFacts(tx, accountId, newest);
  const oldest = newest.length < limit ? null : newest.at(-1)!;
  const lastDay = oldest && calendar.dayOf(oldest.occurredAt);
  const unseen = days.filter(({ day }) => lastDay !== null && day < lastDay).map(({ day }) => day);
  const counts = await countByDay(tx, accountId, unseen, calendar);
  const earlier = oldest && (await earlierThan(tx, accountId, oldest, startOfDay(lastDay!, calendar)));
  return days.map(({ day, realized }) => {
    const sum = Decimal.stored(realized);
    if (counts.has(day)) return closedDay(day, sum, counts.get(day)!);
    const ofDay = shown.filter(({ occurredAt }) => calendar.dayOf(occurredAt) === day);
    return earlier && day === lastDay ? openedDay(day, sum, ofDay, earlier) : openedDay(day, sum, ofDay);
  });
}

/** Everything that was booked on one trade, in the order it was accepted. */
export async function bookingsOfTrade(
  tx: Transaction,
  accountId: string,
  symbol: string,
  tradeId: string,
): Promise<BookedFact[]> {
  const condition =
    'account_id = $1 AND symbol = $2 AND trade_id = $3 ORDER BY occurred_at, bookings.version';
  return withFacts(tx, accountId, await BOOKINGS.select(tx, condition, [accountId, symbol, tradeId]));
}

/** Bookings with their trade's side and the fact that made them. */
async function withFacts(
  tx: Transaction,
  accountId: string,
  bookings: readonly Booking[],
): Promise<BookedFact[]> {
  const origins = await originsOf(
    tx,
    accountId,
    bookings.map(({ version }) => version),
  );
  const rows = await tx.query<{ symbol: string; trade_id: string; side: Side | null }>(
    `SELECT DISTINCT symbol, trade_id, side FROM trades
     JOIN unnest($2::text[], $3::text[]) AS asked(symbol, trade_id) USING (symbol, trade_id) WHERE account_id = $1`,
    [accountId, bookings.map(({ symbol }) => symbol), bookings.map(({ tradeId }) => tradeId)],
  );
  const sides = new Map(rows.map(({ symbol, trade_id, side }) => [`${symbol} ${trade_id}`, side]));
  return bookings.map((booking) => ({
    ...booking,
    side: sides.get(`${booking.symbol} ${booking.tradeId}`) ?? null,
    origin: origins.get(booking.version) ?? null,
  }));
}

async function countByDay(
  tx: Transaction,
  accountId: string,
  days: readonly Day[],
  calendar: Calendar,
): Promise<ReadonlyMap<Day, number>> {
  if (days.length === 0) return new Map();
  const starts = days.map((day) => isoOf(startOfDay(day, calendar)));
  const ends = days.map((day) => isoOf(startOfDay(shiftDay(day, 1), calendar)));
  const rows = await tx.query<{ day: Day; count: string }>(
    `SELECT day, (SELECT count(*) FROM bookings WHERE account_id = $1 AND occurred_at >= since AND occurred_at < until)::text AS count
     FROM unnest($2::text[], $3::timestamptz[], $4::timestamptz[]) AS asked(day, since, until)`,
    [accountId, days, starts, ends],
  );
  return new Map(rows.map(({ day, count }) => [day, Number(count)]));
}

async function earlierThan(
  tx: Transaction,
  accountId: string,
  { occurredAt, version, tradeId }: Booking,
  since: number,
): Promise<RealizedDay['others']> {
  const [row] = await tx.query<{ count: string; amount: string }>(
    `SELECT count(*)::text, coalesce(sum(amount), 0)::text AS amount FROM bookings
     WHERE account_id = $1 AND occurred_at >= $2 AND (occurred_at, version, trade_id) < ($3, $4, $5)`,
    [accountId, isoOf(since), isoOf(occurredAt), version, tradeId],
  );
  return { count: Number(row!.count), amount: Decimal.stored(row!.amount) };
}

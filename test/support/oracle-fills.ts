import type { Booking } from './oracle-book.js';
import type { FlowFact, LogicalSide, MarkFact } from './oracle-facts.js';
import { answersFrom, newestMarks, valued, type OracleAnswers, type Position } from './oracle.js';
import { Ratio } from './oracle-ratio.js';

/** One execution on a venue. Numbers are plain decimal texts; `at` is the venue's time in epoch ms. */
export interface FillFact {
  readonly kind: 'fill';
  readonly orderId: string;
  /** The venue's number of the fill; null = the order had one fill only. */
  readonly executionId: string | null;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly quantity: string;
  readonly price: string;
  readonly fee: string | null;
  /** `base`: the fee was taken out of what was bought, or came on top of what was sold. */
  readonly feeIn: 'quote' | 'base';
  /** null = not said. */
  readonly reduceOnly: boolean | null;
  readonly at: number;
}

export type FillsFact = FillFact | FlowFact | MarkFact;
export type Netting = 'netting' | 'hedge';

/** What is held in one symbol (or on one side of it), from flat to flat. Size and cost are ≥ 0. */
interface Slot {
  readonly symbol: string;
  side: LogicalSide;
  size: Ratio;
  cost: Ratio;
  /** Net PnL since it was flat the last time, fees inside. */
  earned: Ratio;
}

interface Books {
  readonly slots: Map<string, Slot>;
  readonly bookings: Booking[];
  readonly results: Ratio[];
}

/** What the service has to answer when fills are the source: all of them folded in the venue's order, at average cost. */
export function answersOfFills(facts: readonly FillsFact[], mode: Netting): OracleAnswers {
  const books: Books = { slots: new Map(), bookings: [], results: [] };
  const fills = facts.filter((fact): fact is FillFact => fact.kind === 'fill').sort(byVenue);
  for (const fill of fills) take(books, fill, mode);
  const flows = facts.filter((fact): fact is FlowFact => fact.kind === 'flow');
  for (const { type, amount, at } of flows) {
    const signed = type === 'FEE' ? Ratio.of(amount).negated() : Ratio.of(amount);
    if (type === 'FEE' || type === 'FUNDING') books.bookings.push({ at, amount: signed });
  }
  const netDeposits = Ratio.sum(flows.map(depositOf));
  return answersFrom({ ...books, netDeposits, positions: positionsOf(books, newestMarks(facts)), parked: 0 });
}

function depositOf({ type, amount }: FlowFact): Ratio {
  if (type === 'DEPOSIT') return Ratio.of(amount);
  return type === 'WITHDRAWAL' ? Ratio.of(amount).negated() : Ratio.ZERO;
}

/** By time; fills of one moment by their order, then by their number. */
function byVenue(first: FillFact, second: FillFact): number {
  if (first.at !== second.at) return first.at - second.at;
  if (first.orderId !== second.orderId) return first.orderId < second.orderId ? -1 : 1;
  return Number(first.executionId) - Number(second.executionId);
}

function take(books: Books, fill: FillFact, mode: Netting): void {
  const price = Ratio.of(fill.price);
  const fee = Ratio.of(fill.fee ?? '0');
  const inBase = fill.feeIn === 'base';
  const buys = fill.side === 'BUY';
  // A fee in the base asset makes a purchase smaller and a sale larger; it costs what it is worth at the fill's price.
  const filled = Ratio.of(fill.quantity);
  const moved = !inBase ? filled : buys ? filled.minus(fee) : filled.plus(fee);
  const feeValue = inBase ? fee.times(price) : fee;
  const slot = slotOf(books, fill, mode);
  const reduces = slot.size.sign() > 0 && (slot.side === 'LONG') !== buys;
  const closed = !reduces ? Ratio.ZERO : moved.isLess(slot.size) ? moved : slot.size;
  const opened = mode === 'hedge' && fill.reduceOnly === true ? Ratio.ZERO : moved.minus(closed);
  const whole = closed.plus(opened);
  const closingFee = opened.sign() === 0 ? feeValue : feeValue.times(closed).dividedBy(whole).rounded18();
  if (closed.sign() > 0) close(books, slot, closed, price, closingFee, fill.at);
  if (opened.sign() > 0) {
    if (slot.size.sign() === 0) slot.side = buys ? 'LONG' : 'SHORT';
    open(books, slot, opened, price, feeValue.minus(closingFee), fill.at);
  }
}

function slotOf(books: Books, fill: FillFact, mode: Netting): Slot {
  const buys = fill.side === 'BUY';
  const side: LogicalSide = buys === (fill.reduceOnly === true) ? 'SHORT' : 'LONG';
  const key = mode === 'netting' ? fill.symbol : `${fill.symbol} ${side}`;
  const fresh = { symbol: fill.symbol, side, size: Ratio.ZERO, cost: Ratio.ZERO, earned: Ratio.ZERO };
  const slot = books.slots.get(key) ?? fresh;
  books.slots.set(key, slot);
  return slot;
}

/** Takes cost × closed ÷ size away, rounded at 18 places, and all of it when all closes. */
function close(books: Books, slot: Slot, closed: Ratio, price: Ratio, fee: Ratio, at: number): void {
  const left = slot.size.minus(closed);
  const removed = left.sign() === 0 ? slot.cost : slot.cost.times(closed).dividedBy(slot.size).rounded18();
  const gain = closed.times(price).minus(removed);
  book(books, slot, (slot.side === 'LONG' ? gain : gain.negated()).minus(fee), at);
  slot.size = left;
  slot.cost = slot.cost.minus(removed);
  if (left.sign() !== 0) return;
  books.results.push(slot.earned);
  slot.earned = Ratio.ZERO;
}

function open(books: Books, slot: Slot, opened: Ratio, price: Ratio, fee: Ratio, at: number): void {
  slot.size = slot.size.plus(opened);
  slot.cost = slot.cost.plus(opened.times(price));
  book(books, slot, fee.negated(), at);
}

function book(books: Books, slot: Slot, amount: Ratio, at: number): void {
  slot.earned = slot.earned.plus(amount);
  if (amount.sign() !== 0) books.bookings.push({ at, amount });
}

function positionsOf({ slots }: Books, marks: Map<string, MarkFact>): Position[] {
  return [...slots.values()]
    .filter(({ size }) => size.sign() > 0)
    .map((slot) => valued(slot, marks.get(slot.symbol)))
    .sort((first, second) => (keyOf(first) < keyOf(second) ? -1 : 1));
}

function keyOf({ symbol, side }: Position): string {
  return `${symbol} ${side}`;
}

import type { Booking, Change, TradeChanges } from '../positions/domain/changes.js';
import type { ClosedTrade, Trade } from '../positions/domain/trade.js';
import { closedTradeOf } from '../positions/domain/trade.js';
import { Decimal } from '../shared/decimal.js';
import type { Calendar, Day } from '../shared/periods.js';
import type { FlowRow } from './domain/cash-flow.js';
import type { DayPnl, RealizedSums } from './domain/realized-sums.js';
import {
  NO_DAY,
  NOTHING_REALIZED,
  addDays,
  afterBooking,
  afterClosedTrade,
  walletBalance,
} from './domain/realized-sums.js';

/** What an account realized: sums ever, and by calendar day for the current week and month. */
export class PnlState {
  sums: RealizedSums = NOTHING_REALIZED;
  bestTrade: Decimal | null = null;
  worstTrade: Decimal | null = null;
  /** Time of the newest wallet the exchange reported and that was adopted. */
  reconciledAt: number | null = null;
  /** Time of the first one: what happened up to it is in the opening balance. */
  openingAt: number | null = null;
  /** When money moved that an adopted wallet of a later time must have held already, since that was last looked after. */
  lateAt = new Set<number>();
  /** Money that moved in (+) or out (−) meanwhile, which the equity curve takes in when the wallet is settled; null = none. */
  waitingFlow: Decimal | null = null;
  /** Set when the best or worst trade was restated away, so that it has to be looked up again. */
  extremesLost = false;
  /** Since the last write. */
  dayDeltas = new Map<Day, DayPnl>();
  newFlows: FlowRow[] = [];
  newBookings: Booking[] = [];
  private balanced: { readonly sums: RealizedSums; readonly wallet: Decimal } | null = null;

  constructor(
    private readonly calendar: Calendar,
    readonly days = new Map<Day, DayPnl>(),
  ) {}

  fork(): PnlState {
    const copy = new PnlState(this.calendar, new Map(this.days));
    copy.sums = this.sums;
    copy.bestTrade = this.bestTrade;
    copy.worstTrade = this.worstTrade;
    copy.reconciledAt = this.reconciledAt;
    copy.openingAt = this.openingAt;
    copy.lateAt = new Set(this.lateAt);
    copy.waitingFlow = this.waitingFlow;
    return copy;
  }

  /** Computed once for the same sums: every tick asks. */
  get wallet(): Decimal {
    if (this.balanced?.sums !== this.sums)
      this.balanced = { sums: this.sums, wallet: walletBalance(this.sums) };
    return this.balanced.wallet;
  }

  addFlow(flow: FlowRow, known: boolean): void {
    this.noteTime(flow.occurredAt);
    this.newFlows.push(flow);
    const netDeposits = this.sums.netDeposits.plus(flow.amount);
    this.sums = { ...this.sums, netDeposits, depositsKnown: this.sums.depositsKnown || known };
  }

  /** The opening balance turned out to be another: a part of it was told after all, or less of it. */
  replaceFlow(before: FlowRow, after: FlowRow): void {
    this.newFlows.push(after);
    const netDeposits = this.sums.netDeposits.minus(before.amount).plus(after.amount);
    this.sums = { ...this.sums, netDeposits };
  }

  /** What a difference of the wallet earned turned out to be another. */
  replaceBooking(before: Booking, after: Booking): void {
    this.newBookings.push(after);
    this.book({ before, after });
  }

  /** Books an amount that belongs to the account and to no trade. */
  addBooking(booking: Booking): void {
    this.noteTime(booking.occurredAt);
    this.newBookings.push(booking);
    this.book({ before: null, after: booking });
  }

  /** Carries what changed in trades into the sums: old amounts out, new ones in, each in its own day. */
  addTradeChanges(changes: TradeChanges): void {
    for (const change of changes.bookings) {
      this.noteAmounts(change);
      this.book(change);
    }
    for (const change of changes.trades) this.countTrade(change);
  }

  /** Notes when the wallet turned out to be another than was known; an amount that stays what it was is none. */
  private noteAmounts({ before, after }: Change<Booking>): void {
    const same = before?.occurredAt === after?.occurredAt;
    if (same && (before?.amount ?? Decimal.ZERO).equals(after?.amount ?? Decimal.ZERO)) return;
    for (const row of [before, after]) if (row?.amount && !row.amount.isZero()) this.noteTime(row.occurredAt);
  }

  private noteTime(at: number): void {
    if (this.reconciledAt === null || at > this.reconciledAt) return;
    // All that was before the opening balance belongs to it.
    this.lateAt.add(Math.max(at, this.openingAt ?? at));
  }

  private book(change: Change<Booking>): void {
    this.sums = afterBooking(this.sums, change);
    const { before, after } = change;
    if (before?.amount) this.addToDay(before.occurredAt, { ...NO_DAY, realized: before.amount.negated() });
    if (after?.amount) this.addToDay(after.occurredAt, { ...NO_DAY, realized: after.amount });
  }

  private countTrade({ before, after }: Change<Trade>): void {
    const [left, joined] = [closedTradeOf(before), closedTradeOf(after)];
    if (left) this.countClosed(left, -1);
    if (joined) this.countClosed(joined, 1);
  }

  private countClosed(trade: ClosedTrade, sign: 1 | -1): void {
    this.sums = afterClosedTrade(this.sums, trade, sign);
    const won = trade.pnl.isPositive() ? sign : 0;
    this.addToDay(trade.closedAt, { realized: Decimal.ZERO, closedTrades: sign, winningTrades: won });
    if (sign === 1) {
      this.bestTrade = this.bestTrade ? Decimal.max(this.bestTrade, trade.pnl) : trade.pnl;
      this.worstTrade = this.worstTrade ? Decimal.min(this.worstTrade, trade.pnl) : trade.pnl;
    } else if (this.bestTrade?.equals(trade.pnl) || this.worstTrade?.equals(trade.pnl))
      this.extremesLost = true;
  }

  private addToDay(at: number, delta: DayPnl): void {
    const day = this.calendar.dayOf(at);
    this.days.set(day, addDays(this.days.get(day) ?? NO_DAY, delta));
    this.dayDeltas.set(day, addDays(this.dayDeltas.get(day) ?? NO_DAY, delta));
  }
}

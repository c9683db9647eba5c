import type { Booking, Change } from '../../positions/domain/changes.js';
import type { ClosedTrade } from '../../positions/domain/trade.js';
import { Decimal } from '../../shared/decimal.js';
import type { Day } from '../../shared/periods.js';

/** What one calendar day realized. Money net of fees and funding, + = earned. */
export interface DayPnl {
  readonly realized: Decimal;
  readonly closedTrades: number;
  readonly winningTrades: number;
}

export const NO_DAY: DayPnl = { realized: Decimal.ZERO, closedTrades: 0, winningTrades: 0 };

/** Sums over everything an account ever realized. */
export interface RealizedSums {
  /** Deposits − withdrawals. */
  readonly netDeposits: Decimal;
  /** Whether any deposit (or the exchange's own wallet) is known; without one the wallet balance is not known either. */
  readonly depositsKnown: boolean;
  /** Net realized PnL, ever: the wallet balance is `netDeposits + realized`. */
  readonly realized: Decimal;
  readonly closedTrades: number;
  readonly winningTrades: number;
  readonly losingTrades: number;
  /** Σ of winning trades, ≥ 0. */
  readonly grossProfit: Decimal;
  /** Σ |losing trades|, ≥ 0. */
  readonly grossLoss: Decimal;
  /** Closes whose PnL is neither reported nor computable: nothing was booked for them. */
  readonly unknownBookings: number;
}

export const NOTHING_REALIZED: RealizedSums = {
  netDeposits: Decimal.ZERO,
  depositsKnown: false,
  realized: Decimal.ZERO,
  closedTrades: 0,
  winningTrades: 0,
  losingTrades: 0,
  grossProfit: Decimal.ZERO,
  grossLoss: Decimal.ZERO,
  unknownBookings: 0,
};

/** Wallet balance: deposits − withdrawals + everything realized, fees and funding inside it once. */
export function walletBalance(sums: RealizedSums): Decimal {
  return sums.netDeposits.plus(sums.realized);
}

/** The sums with a booking's old amount taken out and its new one put in. */
export function afterBooking(sums: RealizedSums, { before, after }: Change<Booking>): RealizedSums {
  return {
    ...sums,
    realized: sums.realized.minus(before?.amount ?? Decimal.ZERO).plus(after?.amount ?? Decimal.ZERO),
    unknownBookings: sums.unknownBookings + unknown(after) - unknown(before),
  };
}

const unknown = (booking: Booking | null) => (booking !== null && booking.amount === null ? 1 : 0);

/** The sums with a finished trade taken out (−1) or put in (+1). A trade that netted exactly zero is neither won nor lost. */
export function afterClosedTrade(sums: RealizedSums, { pnl }: ClosedTrade, sign: 1 | -1): RealizedSums {
  const signed = sign === 1 ? pnl : pnl.negated();
  return {
    ...sums,
    closedTrades: sums.closedTrades + sign,
    winningTrades: sums.winningTrades + (pnl.isPositive() ? sign : 0),
    losingTrades: sums.losingTrades + (pnl.isNegative() ? sign : 0),
    grossProfit: pnl.isPositive() ? sums.grossProfit.plus(signed) : sums.grossProfit,
    grossLoss: pnl.isNegative() ? sums.grossLoss.minus(signed) : sums.grossLoss,
  };
}

/** Closed trades with net PnL > 0 ÷ all closed trades × 100 (percent); null with none. */
export function winRatePct(sums: Pick<RealizedSums, 'closedTrades' | 'winningTrades'>): Decimal | null {
  if (sums.closedTrades === 0) return null;
  return Decimal.integer(sums.winningTrades * 100).dividedBy(Decimal.integer(sums.closedTrades));
}

/** The same as a fraction. */
export function winRate(sums: Pick<RealizedSums, 'closedTrades' | 'winningTrades'>): Decimal | null {
  if (sums.closedTrades === 0) return null;
  return Decimal.integer(sums.winningTrades).dividedBy(Decimal.integer(sums.closedTrades));
}

/** Σ wins ÷ Σ |losses|; null with no losing trade. */
export function profitFactor(sums: RealizedSums): Decimal | null {
  return sums.grossLoss.isZero() ? null : sums.grossProfit.dividedBy(sums.grossLoss);
}

/** Realized PnL of the days from `first` to `last`, both included. */
export function realizedBetween(days: ReadonlyMap<Day, DayPnl>, first: Day, last: Day): Decimal {
  let total = Decimal.ZERO;
  for (const [day, { realized }] of days) if (day >= first && day <= last) total = total.plus(realized);
  return total;
}

export function addDays(a: DayPnl, b: DayPnl): DayPnl {
  return {
    realized: a.realized.plus(b.realized),
    closedTrades: a.closedTrades + b.closedTrades,
    winningTrades: a.winningTrades + b.winningTrades,
  };
}

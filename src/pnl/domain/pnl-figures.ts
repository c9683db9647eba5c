import type { Decimal } from '../../shared/decimal.js';
import type { Day } from '../../shared/periods.js';
import { monthOf, weekOf } from '../../shared/periods.js';
import type { DayPnl, RealizedSums } from './realized-sums.js';
import {
  NO_DAY,
  profitFactor,
  realizedBetween,
  walletBalance,
  winRate,
  winRatePct,
} from './realized-sums.js';

/** What an account earned, in its currency; + = earned. Periods are calendar periods of the service's time zone. */
export interface PnlFigures {
  readonly walletBalance: Decimal;
  readonly realizedToday: Decimal;
  readonly realizedWeek: Decimal;
  readonly realizedMonth: Decimal;
  readonly realizedTotal: Decimal;
  readonly unrealized: Decimal;
  /** Realized total + unrealized. */
  readonly total: Decimal;
  /** Realized today / this week / this month + unrealized. */
  readonly daily: Decimal;
  readonly weekly: Decimal;
  readonly monthly: Decimal;
  readonly bestTrade: Decimal | null;
  readonly worstTrade: Decimal | null;
  /** Percent; null with no closed trade. */
  readonly winRatePct: Decimal | null;
  /** Fraction, of trades closed today; null with none. */
  readonly winRateToday: Decimal | null;
  /** null with no losing trade. */
  readonly profitFactor: Decimal | null;
  readonly closedTrades: number;
}

export interface PnlInputs {
  readonly sums: RealizedSums;
  readonly days: ReadonlyMap<Day, DayPnl>;
  readonly bestTrade: Decimal | null;
  readonly worstTrade: Decimal | null;
}

/** All PnL figures as of a local day: nothing but the day has to change for a period to roll over. */
export function pnlFigures(
  { sums, days, bestTrade, worstTrade }: PnlInputs,
  unrealized: Decimal,
  today: Day,
): PnlFigures {
  const day = days.get(today) ?? NO_DAY;
  const realizedWeek = realizedBetween(days, weekOf(today), today);
  const realizedMonth = realizedBetween(days, monthOf(today), today);
  return {
    walletBalance: walletBalance(sums),
    realizedToday: day.realized,
    realizedWeek,
    realizedMonth,
    realizedTotal: sums.realized,
    unrealized,
    total: sums.realized.plus(unrealized),
    daily: day.realized.plus(unrealized),
    weekly: realizedWeek.plus(unrealized),
    monthly: realizedMonth.plus(unrealized),
    bestTrade,
    worstTrade,
    // Divisions that a snapshot does not show wait until somebody asks.
    get winRatePct() {
      return winRatePct(sums);
    },
    get winRateToday() {
      return winRate(day);
    },
    get profitFactor() {
      return profitFactor(sums);
    },
    closedTrades: sums.closedTrades,
  };
}

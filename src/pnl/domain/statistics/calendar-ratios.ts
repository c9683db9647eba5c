import type { Decimal } from '../../../shared/decimal.js';
import { type Returns, deviation, sum } from './moments.js';
import { type Statistic, known, mapKnown, unknown } from './statistic.js';

/** Closed trades over a stretch of calendar days, each as a share of the starting balance. */
export interface CalendarTrades {
  readonly pnls: readonly Decimal[];
  readonly startingBalance: Decimal;
  /** Whole days between the first and the last moment; fewer than one count as one. */
  readonly days: number;
}

/** Mean profit share of a calendar day; null without trades or without a balance to share. */
export function dailyProfitShare(trades: CalendarTrades): Statistic<number> {
  return mapKnown(profitShares(trades), (shares) => known(sum(shares) / Math.max(1, trades.days)));
}

/**
 * Sharpe ratio of trades by the calendar, as freqtrade has it: mean daily profit share ÷ population deviation of the
 * trades' shares × √days per year. null when the trades do not vary.
 */
export function calendarSharpe(trades: CalendarTrades, daysPerYear: number): Statistic<number> {
  return mapKnown(profitShares(trades), (shares) => dailyPerDeviation(trades, shares, daysPerYear));
}

/** The same with the deviation of the losing trades only; null without losses, or when all losses are alike. */
export function calendarSortino(trades: CalendarTrades, daysPerYear: number): Statistic<number> {
  return mapKnown(profitShares(trades), (shares) => {
    const lost = shares.filter((share) => share < 0);
    return lost.length === 0 ? unknown('no_losses') : dailyPerDeviation(trades, lost, daysPerYear);
  });
}

/**
 * Calmar ratio of trades by the calendar, as freqtrade has it: mean daily profit share in percent ÷ the deepest relative
 * fall of the balance, a fraction × √days per year. null when the balance never fell.
 */
export function calendarCalmar(
  trades: CalendarTrades,
  deepestFall: number,
  daysPerYear: number,
): Statistic<number> {
  return mapKnown(dailyProfitShare(trades), (daily) =>
    deepestFall === 0
      ? unknown('no_drawdown')
      : known(((daily * 100) / deepestFall) * Math.sqrt(daysPerYear)),
  );
}

function profitShares({ pnls, startingBalance }: CalendarTrades): Statistic<number[]> {
  if (pnls.length === 0) return unknown('no_trades');
  if (!startingBalance.isPositive()) return unknown('no_capital');
  return known(pnls.map((pnl) => pnl.dividedBy(startingBalance, 28).toNumber()));
}

function dailyPerDeviation(
  trades: CalendarTrades,
  spreadOf: Returns,
  daysPerYear: number,
): Statistic<number> {
  return mapKnown(deviation(spreadOf, 0), (spread) =>
    mapKnown(dailyProfitShare(trades), (daily) =>
      spread === 0 ? unknown('no_variation') : known((daily / spread) * Math.sqrt(daysPerYear)),
    ),
  );
}

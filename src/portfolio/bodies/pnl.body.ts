import type { Decimal } from '../../shared/decimal.js';
import { isoOf } from '../../shared/periods.js';
import type { PortfolioState } from '../portfolio-state.js';
import { AccountBody } from './account.body.js';
import { Count, Exact, ExactOrNull } from './fields.js';

/** What an account earned. Money in its currency, + = earned; periods are calendar periods of the service's time zone. */
export class PnlBody extends AccountBody {
  @Exact('Net realized PnL ever, fees and funding included.')
  readonly realized_pnl_total!: Decimal;
  @Exact('Net realized PnL booked today.')
  readonly realized_pnl_today!: Decimal;
  @Exact('Net realized PnL booked this ISO week (from Monday).')
  readonly realized_pnl_week!: Decimal;
  @Exact('Net realized PnL booked this month.')
  readonly realized_pnl_month!: Decimal;
  @Exact('PnL still on paper: the sum over open positions at their marks.')
  readonly unrealized_pnl!: Decimal;
  @Exact('Realized ever + unrealized.')
  readonly total_pnl!: Decimal;
  @Exact('Realized today + unrealized.')
  readonly daily_pnl!: Decimal;
  @Exact('Realized this week + unrealized.')
  readonly weekly_pnl!: Decimal;
  @Exact('Realized this month + unrealized.')
  readonly monthly_pnl!: Decimal;
  @ExactOrNull('Largest net PnL of a closed trade; null with none.')
  readonly best_trade_pnl!: Decimal | null;
  @ExactOrNull('Smallest net PnL of a closed trade; null with none.')
  readonly worst_trade_pnl!: Decimal | null;
  @ExactOrNull('Closed trades with net PnL above zero, percent of all closed trades; null with none.')
  readonly win_rate!: Decimal | null;
  @ExactOrNull('The same of trades closed today, as a fraction 0–1; null with none.')
  readonly win_rate_today!: Decimal | null;
  @ExactOrNull('Sum of wins ÷ sum of losses without their sign; null with no losing trade.')
  readonly profit_factor!: Decimal | null;
  @Count('Trades whose whole quantity is closed.')
  readonly closed_trades!: number;
  @Exact('Equity − equity at the start of the day − net deposits since: what the day really earned.')
  readonly equity_change_today!: Decimal;
  @ExactOrNull(
    'Equity change today as percent of equity at the start of the day; null when that was not above zero.',
  )
  readonly daily_return_pct!: Decimal | null;
}

export function pnlBody({ accountId, version, now, pnl, drawdown }: PortfolioState) {
  return {
    account_id: accountId,
    version,
    realized_pnl_total: pnl.realizedTotal,
    realized_pnl_today: pnl.realizedToday,
    realized_pnl_week: pnl.realizedWeek,
    realized_pnl_month: pnl.realizedMonth,
    unrealized_pnl: pnl.unrealized,
    total_pnl: pnl.total,
    daily_pnl: pnl.daily,
    weekly_pnl: pnl.weekly,
    monthly_pnl: pnl.monthly,
    best_trade_pnl: pnl.bestTrade,
    worst_trade_pnl: pnl.worstTrade,
    win_rate: pnl.winRatePct,
    win_rate_today: pnl.winRateToday,
    profit_factor: pnl.profitFactor,
    closed_trades: pnl.closedTrades,
    equity_change_today: drawdown.equityChangeToday,
    daily_return_pct: drawdown.dailyReturnPct,
    timestamp: isoOf(now),
  } satisfies PnlBody;
}

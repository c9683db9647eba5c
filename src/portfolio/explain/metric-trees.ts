import { Inject, Injectable } from '@nestjs/common';
import { CALENDAR } from '../../pnl/calendar.provider.js';
import type { Calendar } from '../../shared/periods.js';
import { monthOf, weekOf } from '../../shared/periods.js';
import type { Days } from './bookings.js';
import { realizedDays } from './bookings.js';
import { dayFlowsTree, equityChangeTree, peakTree } from '../domain/explain/curve-tree.js';
import { startOfDay } from '../domain/explain/day-start.js';
import { flowTree } from '../domain/explain/flow-tree.js';
import type { Figure, Metric } from '../domain/explain/metric.js';
import { UnknownMetricError } from '../domain/explain/metric.js';
import type { ExplainedNode } from '../domain/explain/node.js';
import { shownAs, total } from '../domain/explain/node.js';
import { realizedTree } from '../domain/explain/realized-tree.js';
import { extremeTree } from './extreme-tree.js';
import { flowsOf } from './flows.js';
import * as holdings from './holding-trees.js';
import type { Moment } from './moment.js';

type Tree = (moment: Moment) => ExplainedNode | Promise<ExplainedNode>;
type Period = 'today' | 'week' | 'month' | 'total';

/** Which period each figure that adds what is on paper counts, and how it is called. */
const WITH_UNREALIZED = {
  total_pnl: 'total',
  daily_pnl: 'today',
  weekly_pnl: 'week',
  monthly_pnl: 'month',
} as const;

/** From each metric down to the facts, for one moment of an account. */
@Injectable()
export class MetricTrees {
  private readonly figures: Readonly<Record<Figure, Tree>> = {
    total_equity: (moment) => this.equity(moment, 'total_equity', moment.state.equity),
    current_equity: (moment) => this.equity(moment, 'current_equity', moment.state.drawdown.currentEquity),
    cash_balance: (moment) => this.cash(moment),
    unrealized_pnl: holdings.unrealizedTree,
    realized_pnl_today: (moment) => this.realized(moment, 'today'),
    realized_pnl_week: (moment) => this.realized(moment, 'week'),
    realized_pnl_month: (moment) => this.realized(moment, 'month'),
    realized_pnl_total: (moment) => this.realized(moment, 'total'),
    total_pnl: (moment) => this.withUnrealized(moment, 'total_pnl'),
    daily_pnl: (moment) => this.withUnrealized(moment, 'daily_pnl'),
    weekly_pnl: (moment) => this.withUnrealized(moment, 'weekly_pnl'),
    monthly_pnl: (moment) => this.withUnrealized(moment, 'monthly_pnl'),
    best_trade_pnl: (moment) => extremeTree(moment, 'maximum'),
    worst_trade_pnl: (moment) => extremeTree(moment, 'minimum'),
    equity_change_today: (moment) => this.equityChange(moment),
    total_exposure: holdings.grossTree,
    long_exposure: (moment) => holdings.sideTree(moment, 'LONG'),
    short_exposure: (moment) => holdings.sideTree(moment, 'SHORT'),
    net_exposure: holdings.netTree,
    peak_equity: ({ curve, state }) => peakTree(curve, state.drawdown.peakEquity),
  };

  constructor(@Inject(CALENDAR) private readonly calendar: Calendar) {}

  /** Throws UnknownMetricError for something that is not held. */
  async of(metric: Metric, moment: Moment): Promise<ExplainedNode> {
    switch (metric.kind) {
      case 'figure':
        return this.figures[metric.figure](moment);
      case 'unrealized_pnl':
        return holdings.positionUnrealizedTree(moment, metric.symbol, metric.side);
      case 'exposure':
        return holdings.positionTree(moment, metric.symbol, metric.side);
      case 'exposure_by_symbol':
      case 'gross_by_symbol':
        return holdings.symbolTree(moment, metric.kind, metric.symbol);
      case 'exposure_by_sector':
        return holdings.sectorTree(moment, metric.sector);
      case 'realized_pnl_day':
        return this.day(moment, metric.day);
    }
  }

  private async equity(
    moment: Moment,
    name: 'total_equity' | 'current_equity',
    value: Moment['state']['equity'],
  ): Promise<ExplainedNode> {
    const parts = [await this.cash(moment), holdings.unrealizedTree(moment)];
    return shownAs(total(name, 'Wallet balance + unrealized PnL', parts), value);
  }

  private async cash(moment: Moment): Promise<ExplainedNode> {
    const { tx, state, limit } = moment;
    const flows = flowTree(
      'net_deposits',
      'Deposits − withdrawals',
      await flowsOf(tx, state.accountId, limit),
    );
    const parts = [flows, await this.realized(moment, 'total')];
    const formula = 'Deposits − withdrawals + net realized PnL';
    return shownAs(total('cash_balance', formula, parts), state.pnl.walletBalance);
  }

  private async realized(moment: Moment, period: Period): Promise<ExplainedNode> {
    const { pnl } = moment.state;
    const value = {
      today: pnl.realizedToday,
      week: pnl.realizedWeek,
      month: pnl.realizedMonth,
      total: pnl.realizedTotal,
    }[period];
    const formula =
      period === 'total' ? 'Net realized PnL ever, by day' : `Net realized PnL by day, ${period}`;
    const tree = realizedTree(
      `realized_pnl_${period}`,
      formula,
      await this.daysOf(moment, this.days(moment, period)),
    );
    return shownAs(tree, value);
  }

  private days({ state }: Moment, period: Period): Days {
    const today = this.calendar.dayOf(state.now);
    if (period === 'total') return { first: null, last: null };
    if (period === 'today') return { first: today, last: today };
    return { first: period === 'week' ? weekOf(today) : monthOf(today), last: today };
  }

  private daysOf({ tx, state, limit }: Moment, days: Days) {
    return realizedDays(tx, state.accountId, days, this.calendar, limit);
  }

  private async day(moment: Moment, day: string): Promise<ExplainedNode> {
    const days = await this.daysOf(moment, { first: day, last: day });
    if (days.length === 0)
      throw new UnknownMetricError(`realized_pnl_day:${day}`, 'is of a day that realized nothing');
    const tree = realizedTree(`realized_pnl_day:${day}`, 'Net realized PnL booked on the day', days);
    return shownAs(tree, days[0]!.realized);
  }

  private async withUnrealized(moment: Moment, figure: keyof typeof WITH_UNREALIZED): Promise<ExplainedNode> {
    const { total: ever, daily, weekly, monthly } = moment.state.pnl;
    const value = { total_pnl: ever, daily_pnl: daily, weekly_pnl: weekly, monthly_pnl: monthly }[figure];
    const parts = [await this.realized(moment, WITH_UNREALIZED[figure]), holdings.unrealizedTree(moment)];
    return shownAs(total(figure, 'Realized in the period + unrealized', parts), value);
  }

  private async equityChange(moment: Moment): Promise<ExplainedNode> {
    const { tx, state, curve, limit } = moment;
    const since = startOfDay(this.calendar.dayOf(state.now), this.calendar);
    const moved = await flowsOf(tx, state.accountId, limit, since);
    const flows = flowTree('day_flows', 'Deposits − withdrawals that came in today', moved);
    const equity = await this.equity(moment, 'current_equity', state.drawdown.currentEquity);
    return shownAs(
      equityChangeTree(curve, equity, dayFlowsTree(curve, flows)),
      state.drawdown.equityChangeToday,
    );
  }
}

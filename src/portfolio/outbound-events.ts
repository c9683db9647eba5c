import { Decimal } from '../shared/decimal.js';
import type { Json } from '../shared/json-text.js';
import { isoOf } from '../shared/periods.js';
import type { PortfolioState } from './portfolio-state.js';
import { snapshotBody } from './queries/get-snapshot.js';

export type PortfolioEventType =
  | 'portfolio.snapshot_updated'
  | 'portfolio.pnl_updated'
  | 'portfolio.drawdown_updated'
  | 'portfolio.exposure_updated';

/** An event's own fields, before its envelope: event_id, version and previous_version are added by whoever sends it. */
export interface PortfolioEvent {
  readonly type: string;
  readonly body: { readonly [key: string]: Json };
}

const HUNDRED = Decimal.HUNDRED;

/** The four portfolio.* events of an account at one moment. */
export function portfolioEvents(state: PortfolioState): PortfolioEvent[] {
  return [
    { type: 'portfolio.snapshot_updated', body: snapshotEvent(state) },
    { type: 'portfolio.pnl_updated', body: pnlEvent(state) },
    { type: 'portfolio.drawdown_updated', body: drawdownEvent(state) },
    { type: 'portfolio.exposure_updated', body: exposureEvent(state) },
  ];
}

/** Its drawdown keys without `daily_` are fractions: what reads them (the federation AI) expects that here and only here. */
function snapshotEvent(state: PortfolioState): PortfolioEvent['body'] {
  const { drawdown } = state;
  return {
    ...snapshotBody(state),
    total_exposure_usd: state.exposure().total,
    win_rate_today: state.pnl.winRateToday,
    drawdown_pct: drawdown.currentDrawdownPct.dividedBy(HUNDRED),
    max_drawdown_pct: drawdown.maxDrawdownPct.dividedBy(HUNDRED),
  };
}

function pnlEvent({ accountId, pnl, drawdown, now }: PortfolioState): PortfolioEvent['body'] {
  return {
    account_id: accountId,
    realized_pnl_today: pnl.realizedToday,
    realized_pnl_total: pnl.realizedTotal,
    unrealized_pnl: pnl.unrealized,
    daily_pnl: pnl.daily,
    weekly_pnl: pnl.weekly,
    monthly_pnl: pnl.monthly,
    equity_change_today: drawdown.equityChangeToday,
    daily_return_pct: drawdown.dailyReturnPct,
    timestamp: isoOf(now),
  };
}

function drawdownEvent({ accountId, drawdown, now }: PortfolioState): PortfolioEvent['body'] {
  return {
    account_id: accountId,
    daily_drawdown_pct: drawdown.dailyDrawdownPct,
    weekly_drawdown_pct: drawdown.weeklyDrawdownPct,
    max_drawdown_pct: drawdown.maxDrawdownPct,
    current_drawdown_pct: drawdown.currentDrawdownPct,
    peak_equity: drawdown.peakEquity,
    current_equity: drawdown.currentEquity,
    timestamp: isoOf(now),
  };
}

function exposureEvent({ accountId, now, ...state }: PortfolioState): PortfolioEvent['body'] {
  const exposure = state.exposure();
  return {
    account_id: accountId,
    total_exposure: exposure.total,
    exposure_by_symbol: exposure.bySymbol,
    exposure_by_sector: exposure.bySector,
    long_exposure: exposure.long,
    short_exposure: exposure.short,
    net_exposure: exposure.net,
    exposure_pct_of_equity: exposure.pctOfEquity,
    timestamp: isoOf(now),
  };
}

/** What the emergency stop listens to, in its own names: percent, a positive drawdown is a loss. */
export function compatEvents({ accountId, pnl, drawdown, equity, now }: PortfolioState): PortfolioEvent[] {
  const loss = Decimal.max(Decimal.ZERO, pnl.unrealized.negated());
  const openLossPct = equity.isPositive() ? loss.times(HUNDRED).dividedBy(equity) : null;
  const common = { account_id: accountId, timestamp: isoOf(now) };
  return [
    {
      type: 'portfolio.pnl_update',
      body: {
        ...common,
        daily_return_pct: drawdown.dailyReturnPct,
        realized_pnl_today: pnl.realizedToday,
        unrealized_pnl: pnl.unrealized,
      },
    },
    {
      type: 'risk.drawdown_update',
      body: { ...common, daily_drawdown_pct: drawdown.dailyDrawdownPct, open_loss_pct: openLossPct },
    },
  ];
}

import { positionBody } from '../../positions/queries/held-position.js';
import { marginUsed } from '../../exposure/domain/margin-used.js';
import type { Decimal } from '../../shared/decimal.js';
import type { AnswerBody } from '../answer.js';
import type { PortfolioState } from '../portfolio-state.js';
import { drawdownBody } from './drawdown.body.js';
import { pnlBody } from './pnl.body.js';
import { positionsBody } from './positions.body.js';
import { snapshotBody } from '../queries/get-snapshot.js';

type Compat = AnswerBody & { readonly timestamp: string };

/** The snapshot with the names that older dashboards read beside today's. */
export function compatSnapshot(state: PortfolioState): Compat {
  const marginUsed = marginUsedBy(state);
  return {
    ...snapshotBody(state),
    ...compatPositions(state),
    ...pnlNames(state),
    ...drawdownNames(state),
    equity: state.equity,
    cash: state.pnl.walletBalance,
    margin_used: marginUsed,
    margin_available: marginUsed && state.equity.minus(marginUsed),
    total_pnl: state.pnl.total,
    weekly_pnl: state.pnl.weekly,
    monthly_pnl: state.pnl.monthly,
  };
}

export function compatPnl(state: PortfolioState): Compat {
  return { ...pnlBody(state), ...pnlNames(state) };
}

export function compatDrawdown(state: PortfolioState): Compat {
  return { ...drawdownBody(state), ...drawdownNames(state) };
}

/** Positions with their side as the order that opens it. */
export function compatPositions(state: PortfolioState): Compat {
  const positions = state.positions.map((position) => ({
    ...positionBody(position),
    order_side: position.side === 'LONG' ? 'BUY' : 'SELL',
  }));
  return { ...positionsBody(state), positions };
}

/** The margin in use, null when a leverage is not known; see `marginUsed`. */
export function marginUsedBy({ positions }: Pick<PortfolioState, 'positions'>): Decimal | null {
  return marginUsed(positions);
}

function pnlNames({ pnl, drawdown }: PortfolioState) {
  return {
    realized_pnl: pnl.realizedTotal,
    daily_pnl_pct: drawdown.dailyReturnPct,
    pnl_breakdown: { daily: pnl.daily, weekly: pnl.weekly, monthly: pnl.monthly },
  };
}

function drawdownNames({ drawdown }: PortfolioState) {
  return {
    daily_dd_pct: drawdown.dailyDrawdownPct,
    weekly_dd_pct: drawdown.weeklyDrawdownPct,
    max_dd_pct: drawdown.maxDrawdownPct,
  };
}

import { Injectable } from '@nestjs/common';
import type { Account } from '../ledger/account.js';
import { PnlProjection } from '../pnl/pnl-projection.js';
import { PortfolioStates } from '../portfolio/portfolio-state.js';
import type { Assessment } from './domain/assessment.js';
import { assessAll } from './domain/assessment.js';
import type { RiskFigures } from './domain/risk-figures.js';
import { LimitStates } from './limit-states.js';
import { PolicyBoard } from './policy-board.js';

/** Holds an account against every limit. */
@Injectable()
export class AccountLimits {
  constructor(
    private readonly portfolio: PortfolioStates,
    private readonly pnl: PnlProjection,
    private readonly board: PolicyBoard,
    private readonly states: LimitStates,
  ) {}

  /** Limits of symbols for each that is held, or of which something is announced: what was closed is within its limit. */
  assessmentsOf(account: Account, now: number): Assessment[] {
    const figures = this.figuresOf(account, now);
    const announced = [...this.states.of(account.accountId).values()].flatMap(({ symbol }) => symbol ?? []);
    const held = figures.positions.map(({ symbol }) => symbol);
    const symbols = [...new Set([...held, ...announced])].sort();
    return assessAll(this.board.limitsAt(now), figures, symbols);
  }

  private figuresOf(account: Account, now: number): RiskFigures {
    const { equity, positions, pnl, drawdown } = this.portfolio.of(account, now);
    return {
      equity,
      walletKnown: account.of(this.pnl).sums.depositsKnown,
      positions,
      unrealized: pnl.unrealized,
      changeToday: drawdown.equityChangeToday,
      dayStartEquity: drawdown.dayStartEquity,
      dailyDrawdownPct: drawdown.dailyDrawdownPct,
      currentDrawdownPct: drawdown.currentDrawdownPct,
      hasPeak: drawdown.peakEquity !== null,
    };
  }
}

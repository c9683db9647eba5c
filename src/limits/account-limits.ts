import { Injectable } from '@nestjs/common';
import type { DrawdownFigures } from '../drawdown/domain/drawdown-figures.js';
import { GetDrawdownHandler } from '../drawdown/queries/get-drawdown.js';
import type { Account } from '../ledger/account.js';
import { walletBalance } from '../pnl/domain/realized-sums.js';
import { PnlProjection } from '../pnl/pnl-projection.js';
import { PositionsProjection } from '../positions/positions-projection.js';
import { GetPositionsHandler } from '../positions/queries/get-positions.js';
import type { Assessment, Judgement } from './domain/assessment.js';
import { assessAll, judgeAll } from './domain/assessment.js';
import type { RiskFigures } from './domain/risk-figures.js';
import { LimitStates } from './limit-states.js';
import { PolicyBoard } from './policy-board.js';

/** Holds an account against every limit. */
@Injectable()
export class AccountLimits {
  constructor(
    private readonly positions: PositionsProjection,
    private readonly held: GetPositionsHandler,
    private readonly pnl: PnlProjection,
    private readonly drawdown: GetDrawdownHandler,
    private readonly board: PolicyBoard,
    private readonly states: LimitStates,
  ) {}

  /** How every limit stands, and how far it is used. */
  assessmentsOf(account: Account, now: number): Assessment[] {
    const figures = this.figuresOf(account, now);
    return assessAll(this.board.limitsAt(now), figures, this.symbolsOf(account, figures));
  }

  /** How every limit stands: a fraction of the work, for who looks after each commit. */
  judgementsOf(account: Account, now: number): Judgement[] {
    const figures = this.figuresOf(account, now);
    return judgeAll(this.board.limitsAt(now), figures, this.symbolsOf(account, figures));
  }

  /** Limits of symbols for each that is held, or of which something is announced: what was closed is within its limit. */
  private symbolsOf(account: Account, { positions }: RiskFigures): string[] {
    const announced = [...this.states.of(account.accountId).values()].flatMap(({ symbol }) => symbol ?? []);
    return [...new Set([...positions.map(({ symbol }) => symbol), ...announced])].sort();
  }

  /** Nothing of the curve is worked out that no limit asks for; its figures are those of the first asking, before the next tick. */
  private figuresOf(account: Account, now: number): RiskFigures {
    const { sums } = account.of(this.pnl);
    const { unrealized } = account.of(this.positions);
    let known: DrawdownFigures | null = null;
    const drawdown = () => (known ??= this.drawdown.figuresOf(account, now));
    return {
      equity: walletBalance(sums).plus(unrealized),
      walletKnown: sums.depositsKnown,
      positions: this.held.positionsOf(account, now),
      unrealized,
      get changeToday() {
        return drawdown().equityChangeToday;
      },
      get dayStartEquity() {
        return drawdown().dayStartEquity;
      },
      get dailyDrawdownPct() {
        return drawdown().dailyDrawdownPct;
      },
      get currentDrawdownPct() {
        return drawdown().currentDrawdownPct;
      },
      get hasPeak() {
        return drawdown().peakEquity !== null;
      },
    };
  }
}

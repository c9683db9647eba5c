import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import { AccountReader } from '../../ledger/account-reader.js';
import type { Decimal } from '../../shared/decimal.js';
import type { Unchanging } from '../../shared/json-text.js';
import { isoOf } from '../../shared/periods.js';
import type { PortfolioState } from '../portfolio-state.js';
import { PortfolioStates } from '../portfolio-state.js';

/** The portfolio as it is answered. Money in the account's currency, `*_pct` in percent, drawdowns ≥ 0. */
export type SnapshotBody = {
  readonly account_id: string;
  readonly version: number;
  readonly total_equity: Decimal;
  readonly cash_balance: Decimal;
  readonly total_exposure: Decimal;
  readonly num_positions: number;
  /** A PositionBody each. */
  readonly positions: readonly Unchanging[];
  readonly unrealized_pnl: Decimal;
  readonly realized_pnl_today: Decimal;
  readonly daily_pnl: Decimal;
  readonly daily_drawdown_pct: Decimal;
  readonly weekly_drawdown_pct: Decimal;
  readonly max_drawdown_pct: Decimal;
  readonly reconciliation_score: Decimal | null;
  readonly reconciliation_reason: string | null;
  readonly warnings: readonly string[];
  readonly timestamp: string;
};

/** The portfolio of an account, now. Throws UnknownAccountError. */
export class GetSnapshot extends Query<SnapshotBody> {
  constructor(readonly accountId: string) {
    super();
  }
}

@QueryHandler(GetSnapshot)
export class GetSnapshotHandler implements IQueryHandler<GetSnapshot> {
  constructor(
    private readonly accounts: AccountReader,
    private readonly states: PortfolioStates,
  ) {}

  execute({ accountId }: GetSnapshot): Promise<SnapshotBody> {
    return Promise.resolve(snapshotBody(this.states.of(this.accounts.read(accountId), this.accounts.now())));
  }
}

export function snapshotBody(state: PortfolioState): SnapshotBody {
  const { pnl, drawdown } = state;
  return {
    account_id: state.accountId,
    version: state.version,
    total_equity: state.equity,
    cash_balance: pnl.walletBalance,
    total_exposure: state.totalExposure,
    num_positions: state.positions.length,
    positions: state.positions,
    unrealized_pnl: pnl.unrealized,
    realized_pnl_today: pnl.realizedToday,
    daily_pnl: pnl.daily,
    daily_drawdown_pct: drawdown.dailyDrawdownPct,
    weekly_drawdown_pct: drawdown.weeklyDrawdownPct,
    max_drawdown_pct: drawdown.maxDrawdownPct,
    reconciliation_score: state.reconciliation.score,
    reconciliation_reason: state.reconciliation.reason,
    warnings: state.warnings,
    timestamp: isoOf(state.now),
  };
}

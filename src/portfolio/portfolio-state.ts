import { Injectable } from '@nestjs/common';
import { CurveProjection } from '../drawdown/curve-projection.js';
import type { DrawdownFigures } from '../drawdown/domain/drawdown-figures.js';
import { GetDrawdownHandler } from '../drawdown/queries/get-drawdown.js';
import type { ExposureFigures } from '../exposure/domain/exposure.js';
import { exposureFiguresOf } from '../exposure/queries/get-exposure.js';
import type { Account } from '../ledger/account.js';
import type { PnlFigures } from '../pnl/domain/pnl-figures.js';
import { GetPnlHandler } from '../pnl/queries/get-pnl.js';
import type { HeldPosition } from '../positions/queries/held-position.js';
import { GetPositionsHandler } from '../positions/queries/get-positions.js';
import type { Score } from '../reconciliation/domain/score.js';
import { Standings } from '../reconciliation/queries/standings.js';
import type { Decimal } from '../shared/decimal.js';
import { Warnings } from './warnings.js';

/** The four answers about an account, as of one moment. Money in the account's currency. */
export interface PortfolioState {
  readonly accountId: string;
  readonly version: number;
  readonly now: number;
  /** Wallet balance + unrealized PnL. */
  readonly equity: Decimal;
  readonly positions: readonly HeldPosition[];
  readonly pnl: PnlFigures;
  /** Σ notional, long + short, ≥ 0; as in `exposure`, without the maps. */
  readonly totalExposure: Decimal;
  /** Of these positions and this equity, made when somebody asks: a snapshot needs none of its maps. */
  readonly exposure: () => ExposureFigures;
  readonly drawdown: DrawdownFigures;
  /** How well it agrees with the exchange. */
  readonly reconciliation: Score;
  readonly warnings: readonly string[];
}

/** Puts the four modules' figures of one account together, committed or staged. */
@Injectable()
export class PortfolioStates {
  constructor(
    private readonly positions: GetPositionsHandler,
    private readonly pnl: GetPnlHandler,
    private readonly drawdown: GetDrawdownHandler,
    private readonly warnings: Warnings,
    private readonly standings: Standings,
    readonly curves: CurveProjection,
  ) {}

  of(account: Account, now: number): PortfolioState {
    const positions = this.positions.positionsOf(account, now);
    const pnl = this.pnl.figuresOf(account, now);
    const equity = pnl.walletBalance.plus(pnl.unrealized);
    let exposure: ExposureFigures | null = null;
    return {
      accountId: account.accountId,
      version: account.version,
      now,
      equity,
      positions,
      pnl,
      totalExposure: this.positions.exposureOf(positions),
      exposure: () => (exposure ??= exposureFiguresOf(positions, equity)),
      drawdown: this.drawdown.figuresOf(account, now),
      reconciliation: this.standings.scoreOf(account, equity, now),
      warnings: this.warnings.of(account, positions, now),
    };
  }
}

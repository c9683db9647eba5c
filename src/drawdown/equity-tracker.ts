import { Injectable } from '@nestjs/common';
import type { Account } from '../ledger/account.js';
import { PnlProjection } from '../pnl/pnl-projection.js';
import { PositionsProjection } from '../positions/positions-projection.js';
import type { Decimal } from '../shared/decimal.js';

/** What an account is worth: wallet balance + unrealized PnL, never anything available on top of it. */
@Injectable()
export class EquityTracker {
  constructor(
    private readonly positions: PositionsProjection,
    private readonly pnl: PnlProjection,
  ) {}

  equityOf(account: Account): Decimal {
    return account.of(this.positions).onTopOf(account.of(this.pnl).wallet);
  }
}

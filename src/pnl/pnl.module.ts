import { Module } from '@nestjs/common';
import { PositionsModule } from '../positions/positions.module.js';
import { CALENDAR, calendarProvider } from './calendar.provider.js';
import { BookCashFlowHandler } from './commands/book-cash-flow.js';
import { BookRealizedHandler } from './commands/book-realized.js';
import { BookReconciliationHandler } from './commands/book-reconciliation.js';
import { PnlAudit } from './pnl-audit.js';
import { SettleWalletHandler } from './commands/settle-wallet.js';
import { PnlProjection } from './pnl-projection.js';
import { GetPnlHandler } from './queries/get-pnl.js';
import { GetStatisticsHandler } from './queries/get-statistics.js';
import { WalletAt } from './queries/wallet-at.js';

/** What it earned. */
@Module({
  imports: [PositionsModule],
  providers: [
    calendarProvider,
    PnlProjection,
    PnlAudit,
    WalletAt,
    BookRealizedHandler,
    BookCashFlowHandler,
    BookReconciliationHandler,
    SettleWalletHandler,
    GetPnlHandler,
    GetStatisticsHandler,
  ],
  exports: [CALENDAR, WalletAt, PnlProjection, GetPnlHandler],
})
export class PnlModule {}

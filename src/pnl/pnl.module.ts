import { Module } from '@nestjs/common';
import { PositionsModule } from '../positions/positions.module.js';
import { CALENDAR, calendarProvider } from './calendar.provider.js';
import { BookCashFlowHandler } from './commands/book-cash-flow.js';
import { BookRealizedHandler } from './commands/book-realized.js';
import { BookReconciliationHandler } from './commands/book-reconciliation.js';
import { ReconcileWalletHandler } from './commands/reconcile-wallet.js';
import { PnlAudit } from './pnl-audit.js';
import { PnlProjection } from './pnl-projection.js';
import { WalletReports } from './queries/wallet-reports.js';
import { GetPnlHandler } from './queries/get-pnl.js';
import { GetStatisticsHandler } from './queries/get-statistics.js';

/** What it earned. */
@Module({
  imports: [PositionsModule],
  providers: [
    calendarProvider,
    PnlProjection,
    PnlAudit,
    WalletReports,
    BookRealizedHandler,
    BookCashFlowHandler,
    BookReconciliationHandler,
    ReconcileWalletHandler,
    GetPnlHandler,
    GetStatisticsHandler,
  ],
  exports: [CALENDAR, WalletReports, PnlProjection, GetPnlHandler],
})
export class PnlModule {}

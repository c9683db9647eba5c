import { Module } from '@nestjs/common';
import { PnlModule } from '../pnl/pnl.module.js';
import { PositionsModule } from '../positions/positions.module.js';
import { CollectReportHandler } from './commands/collect-report.js';
import { CompareHoldingsHandler } from './commands/compare-holdings.js';
import { CompareWalletHandler } from './commands/compare-wallet.js';
import { NoteAdoptedHandler } from './commands/note-adopted.js';
import { GetReconciliationHandler } from './queries/get-reconciliation.js';
import { Standings } from './queries/standings.js';

/** Ours beside the exchange's. */
@Module({
  imports: [PositionsModule, PnlModule],
  providers: [
    CollectReportHandler,
    CompareWalletHandler,
    CompareHoldingsHandler,
    NoteAdoptedHandler,
    Standings,
    GetReconciliationHandler,
  ],
  exports: [Standings],
})
export class ReconciliationModule {}

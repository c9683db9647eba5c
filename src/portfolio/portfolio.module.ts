import { Module } from '@nestjs/common';
import { DrawdownModule } from '../drawdown/drawdown.module.js';
import { ExposureModule } from '../exposure/exposure.module.js';
import { IntegrityModule } from '../integrity/integrity.module.js';
import { PnlModule } from '../pnl/pnl.module.js';
import { PositionsModule } from '../positions/positions.module.js';
import { ReconciliationModule } from '../reconciliation/reconciliation.module.js';
import { AccountsController } from './accounts.controller.js';
import { DiscrepanciesController } from './discrepancies.controller.js';
import { ExplainController } from './explain.controller.js';
import { ExplainMetricHandler } from './explain/explain-metric.js';
import { MetricTrees } from './explain/metric-trees.js';
import { HistoryController } from './history.controller.js';
import { IntegrityController } from './integrity.controller.js';
import { OutboxComposer } from './outbox-composer.js';
import { PortfolioStates } from './portfolio-state.js';
import { PublicationRecord } from './publication-record.js';
import { GetAccountsHandler } from './queries/get-accounts.js';
import { GetPortfolioHandler } from './queries/get-portfolio.js';
import { GetSnapshotHandler } from './queries/get-snapshot.js';
import { ReadySnapshots } from './ready-snapshots.js';
import { ReconciliationController } from './reconciliation.controller.js';
import { ReportsController } from './reports.controller.js';
import { TradesController } from './trades.controller.js';
import { ServiceWarnings, Warnings } from './warnings.js';

/** The four answers as one. */
@Module({
  imports: [
    IntegrityModule,
    PositionsModule,
    PnlModule,
    ExposureModule,
    DrawdownModule,
    ReconciliationModule,
  ],
  controllers: [
    ReportsController,
    TradesController,
    AccountsController,
    ExplainController,
    DiscrepanciesController,
    HistoryController,
    IntegrityController,
    ReconciliationController,
  ],
  providers: [
    ServiceWarnings,
    Warnings,
    PortfolioStates,
    OutboxComposer,
    PublicationRecord,
    ReadySnapshots,
    GetPortfolioHandler,
    GetSnapshotHandler,
    GetAccountsHandler,
    MetricTrees,
    ExplainMetricHandler,
  ],
  exports: [ServiceWarnings, PortfolioStates, ReadySnapshots, OutboxComposer, PublicationRecord],
})
export class PortfolioModule {}

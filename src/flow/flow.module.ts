import { Module } from '@nestjs/common';
import { DrawdownModule } from '../drawdown/drawdown.module.js';
import { PnlModule } from '../pnl/pnl.module.js';
import { PositionsModule } from '../positions/positions.module.js';
import { ReconciliationModule } from '../reconciliation/reconciliation.module.js';
import { FactFlow } from './fact-flow.js';
import { PriceFlow } from './price-flow.js';

/** Where facts enter, whichever door they came by: streams, peers, files or an exchange. */
@Module({
  imports: [PositionsModule, PnlModule, DrawdownModule, ReconciliationModule],
  providers: [FactFlow, PriceFlow],
  exports: [FactFlow, PriceFlow],
})
export class FlowModule {}

import { Module } from '@nestjs/common';
import { FlowModule } from '../../flow/flow.module.js';
import { PnlModule } from '../../pnl/pnl.module.js';
import { PositionsModule } from '../../positions/positions.module.js';
import { ImportRecord } from './import-record.js';
import { RowBooking } from './row-booking.js';
import { RowIntake } from './row-intake.js';
import { RowSorting } from './row-sorting.js';
import { TradeImport } from './trade-import.js';
import { TradeStoreSync } from './trade-store-sync.js';

/** The store of trades that the service before this one kept: a source to begin from, read only. */
@Module({
  imports: [FlowModule, PositionsModule, PnlModule],
  providers: [RowSorting, RowBooking, RowIntake, ImportRecord, TradeImport, TradeStoreSync],
  exports: [TradeImport, TradeStoreSync, ImportRecord],
})
export class TradeStoreModule {}

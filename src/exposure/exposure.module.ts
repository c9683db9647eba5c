import { Module } from '@nestjs/common';
import { PnlModule } from '../pnl/pnl.module.js';
import { PositionsModule } from '../positions/positions.module.js';
import { GetExposureHandler } from './queries/get-exposure.js';

/** What is at risk. */
@Module({
  imports: [PositionsModule, PnlModule],
  providers: [GetExposureHandler],
  exports: [GetExposureHandler],
})
export class ExposureModule {}

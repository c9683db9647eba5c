import { Module } from '@nestjs/common';
import { PnlModule } from '../pnl/pnl.module.js';
import { PositionsModule } from '../positions/positions.module.js';
import { RecordCurvesHandler } from './commands/record-curves.js';
import { RecordEmergencyStopHandler } from './commands/record-emergency-stop.js';
import { TrackEquityHandler } from './commands/track-equity.js';
import { CurveProjection } from './curve-projection.js';
import { EquityTracker } from './equity-tracker.js';
import { CandleHistory } from './candle-history.js';
import { GetClosedTradesDrawdownHandler } from './queries/get-closed-trades-drawdown.js';
import { GetDrawdownHandler } from './queries/get-drawdown.js';
import { GetDrawdownsHandler } from './queries/get-drawdowns.js';
import { GetEquityCandlesHandler } from './queries/get-equity-candles.js';
import { GetReturnsHandler } from './queries/get-returns.js';

/** How far below the peak: the equity curve. */
@Module({
  imports: [PositionsModule, PnlModule],
  providers: [
    EquityTracker,
    CurveProjection,
    TrackEquityHandler,
    RecordCurvesHandler,
    RecordEmergencyStopHandler,
    GetDrawdownHandler,
    CandleHistory,
    GetClosedTradesDrawdownHandler,
    GetDrawdownsHandler,
    GetEquityCandlesHandler,
    GetReturnsHandler,
  ],
  exports: [CurveProjection, GetDrawdownHandler],
})
export class DrawdownModule {}

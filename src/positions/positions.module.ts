import { Module } from '@nestjs/common';
import { Classification } from './classification.js';
import { AdoptHoldingHandler } from './commands/adopt-holding.js';
import { ApplyMarksHandler } from './commands/apply-marks.js';
import { FollowClassificationHandler } from './commands/follow-classification.js';
import { CloseTradeHandler } from './commands/close-trade.js';
import { CorrectTradeHandler } from './commands/correct-trade.js';
import { OpenTradeHandler } from './commands/open-trade.js';
import { TakeLoneTradesHandler } from './commands/take-lone-trades.js';
import { RecordExcursionsHandler } from './commands/record-excursions.js';
import { RecordExecutionHandler } from './commands/record-execution.js';
import { RecordMarksHandler } from './commands/record-marks.js';
import { RestateSymbolsHandler } from './commands/restate-symbols.js';
import { TrackExcursionsHandler } from './commands/track-excursions.js';
import { ExcursionsProjection } from './excursions-projection.js';
import { Holders } from './holders.js';
import { MarkPrices } from './mark-prices.js';
import { PositionsProjection } from './positions-projection.js';
import { GetDiscrepanciesHandler } from './queries/get-discrepancies.js';
import { GetPositionsHandler } from './queries/get-positions.js';
import { GetTradesHandler } from './queries/get-trades.js';
import { PositionsAudit } from './queries/positions-audit.js';
import { HeldAt } from './queries/held-at.js';
import { HeldSides } from './queries/held-sides.js';

/** What we hold, and at what mark. */
@Module({
  providers: [
    Classification,
    MarkPrices,
    Holders,
    PositionsProjection,
    ExcursionsProjection,
    OpenTradeHandler,
    TakeLoneTradesHandler,
    CloseTradeHandler,
    CorrectTradeHandler,
    RecordExecutionHandler,
    AdoptHoldingHandler,
    RestateSymbolsHandler,
    FollowClassificationHandler,
    ApplyMarksHandler,
    RecordMarksHandler,
    TrackExcursionsHandler,
    RecordExcursionsHandler,
    GetPositionsHandler,
    GetTradesHandler,
    GetDiscrepanciesHandler,
    HeldSides,
    PositionsAudit,
    HeldAt,
  ],
  exports: [
    Classification,
    MarkPrices,
    PositionsProjection,
    RecordMarksHandler,
    GetPositionsHandler,
    HeldSides,
    PositionsAudit,
    HeldAt,
  ],
})
export class PositionsModule {}

import { Module } from '@nestjs/common';
import { DrawdownModule } from '../drawdown/drawdown.module.js';
import { PnlModule } from '../pnl/pnl.module.js';
import { PortfolioModule } from '../portfolio/portfolio.module.js';
import { PositionsModule } from '../positions/positions.module.js';
import { AccountLimits } from './account-limits.js';
import { AskForPolicyHandler } from './commands/ask-for-policy.js';
import { RecordPolicyHandler } from './commands/record-policy.js';
import { WatchLimitsHandler } from './commands/watch-limits.js';
import { LimitStates } from './limit-states.js';
import { LimitsController } from './limits.controller.js';
import { PolicyBoard } from './policy-board.js';
import { GetLimitsHandler } from './queries/get-limits.js';

/** What an account may do, by whom, and how far it does. */
@Module({
  imports: [PositionsModule, PnlModule, DrawdownModule, PortfolioModule],
  controllers: [LimitsController],
  providers: [
    PolicyBoard,
    LimitStates,
    AccountLimits,
    AskForPolicyHandler,
    RecordPolicyHandler,
    WatchLimitsHandler,
    GetLimitsHandler,
  ],
  exports: [GetLimitsHandler, LimitStates],
})
export class LimitsModule {}

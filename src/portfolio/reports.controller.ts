import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { AnswerBody } from './answer.js';
import { Answer } from './answer.js';
import { ReportAsked } from './asked.js';
import { Answers } from './bodies/answers.js';
import { compatDrawdown, compatPnl, compatPositions, compatSnapshot } from './bodies/compat.js';
import { DrawdownBody, drawdownBody } from './bodies/drawdown.body.js';
import { ExposureBody, exposureBody } from './bodies/exposure.body.js';
import { PnlBody, pnlBody } from './bodies/pnl.body.js';
import { PositionsBody, positionsBody } from './bodies/positions.body.js';
import { SnapshotSchema } from './bodies/snapshot.body.js';
import type { PortfolioState } from './portfolio-state.js';
import { GetPortfolio } from './queries/get-portfolio.js';
import { snapshotBody } from './queries/get-snapshot.js';

type BodyOf = (state: PortfolioState) => AnswerBody & { readonly timestamp: string };

/** What an account is, now. One proxy strips `/api/portfolio`, so the same routes answer without it. */
@ApiTags('portfolio')
@Controller(['api/portfolio', ''])
export class ReportsController {
  constructor(private readonly queries: QueryBus) {}

  @Get('snapshot')
  @ApiOperation({
    summary: 'The portfolio on one page: equity, positions, PnL of the day, drawdowns, doubts',
  })
  @Answers(SnapshotSchema)
  snapshot(@Query() asked: ReportAsked): Promise<Answer> {
    return this.answer(asked, snapshotBody, compatSnapshot);
  }

  @Get('pnl')
  @ApiOperation({ summary: 'What the account earned: realized by period, unrealized, trade statistics' })
  @Answers(PnlBody)
  pnl(@Query() asked: ReportAsked): Promise<Answer> {
    return this.answer(asked, pnlBody, compatPnl);
  }

  @Get('exposure')
  @ApiOperation({ summary: 'What is at risk: gross and net, by symbol and by sector' })
  @Answers(ExposureBody)
  exposure(@Query() asked: ReportAsked): Promise<Answer> {
    return this.answer(asked, exposureBody, exposureBody);
  }

  @Get('drawdown')
  @ApiOperation({ summary: 'How far below its peaks the account is' })
  @Answers(DrawdownBody)
  drawdown(@Query() asked: ReportAsked): Promise<Answer> {
    return this.answer(asked, drawdownBody, compatDrawdown);
  }

  @Get('positions')
  @ApiOperation({ summary: 'The open positions' })
  @Answers(PositionsBody)
  positions(@Query() asked: ReportAsked): Promise<Answer> {
    return this.answer(asked, positionsBody, compatPositions);
  }

  private async answer({ account, compat }: ReportAsked, today: BodyOf, older: BodyOf): Promise<Answer> {
    const state = await this.queries.execute(new GetPortfolio(account));
    return Answer.of(compat === '1' ? older(state) : today(state));
  }
}

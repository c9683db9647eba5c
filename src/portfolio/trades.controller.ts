import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { GetTrades } from '../positions/queries/get-trades.js';
import { Answer } from './answer.js';
import { TradesAsked } from './asked.js';
import { Answers } from './bodies/answers.js';
import { TradesBody, tradesBody } from './bodies/trades.body.js';

@ApiTags('portfolio')
@Controller(['api/portfolio', ''])
export class TradesController {
  constructor(private readonly queries: QueryBus) {}

  @Get('trades')
  @ApiOperation({ summary: 'Trades, open and closed, the newest first, page by page' })
  @Answers(TradesBody)
  async trades(@Query() { account, status, symbol, limit, cursor }: TradesAsked): Promise<Answer> {
    const page = await this.queries.execute(
      new GetTrades({ accountId: account, status, symbol, limit, cursor }),
    );
    return Answer.of(tradesBody(account, page));
  }
}

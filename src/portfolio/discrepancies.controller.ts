import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { GetDiscrepancies } from '../positions/queries/get-discrepancies.js';
import { Answer } from './answer.js';
import { DiscrepanciesAsked } from './asked.js';
import { Answers } from './bodies/answers.js';
import { DiscrepanciesBody, discrepanciesBody } from './bodies/discrepancies.body.js';

@ApiTags('portfolio')
@Controller(['api/portfolio', ''])
export class DiscrepanciesController {
  constructor(private readonly queries: QueryBus) {}

  @Get('discrepancies')
  @ApiOperation({
    summary: 'What does not fit: reported against computed PnL, over-closes, unknown prices, contradictions',
  })
  @Answers(DiscrepanciesBody)
  async discrepancies(@Query() { account, ...asked }: DiscrepanciesAsked): Promise<Answer> {
    const page = await this.queries.execute(new GetDiscrepancies({ accountId: account, ...asked }));
    return Answer.of(discrepanciesBody(account, page));
  }
}

import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { GetReconciliation } from '../reconciliation/queries/get-reconciliation.js';
import { Answer } from './answer.js';
import { AccountAsked } from './asked.js';
import { Answers } from './bodies/answers.js';
import { ReconciliationBody, reconciliationBody } from './bodies/reconciliation.body.js';
import { GetPortfolio } from './queries/get-portfolio.js';

@ApiTags('portfolio')
@Controller(['api/portfolio', ''])
export class ReconciliationController {
  constructor(private readonly queries: QueryBus) {}

  @Get('reconciliation')
  @ApiOperation({
    summary: 'Ours beside the exchange’s: what differs, since when, how bad, and how it ended',
  })
  @Answers(ReconciliationBody)
  async reconciliation(@Query() { account }: AccountAsked): Promise<Answer> {
    const found = await this.queries.execute(new GetReconciliation(account));
    const { equity } = await this.queries.execute(new GetPortfolio(account));
    return Answer.of(reconciliationBody(account, found, equity));
  }
}

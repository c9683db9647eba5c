import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { GetIntegrity } from '../integrity/queries/get-integrity.js';
import { Answer } from './answer.js';
import { AccountAsked } from './asked.js';
import { Answers } from './bodies/answers.js';
import { IntegrityBody, integrityBody } from './bodies/integrity.body.js';

@ApiTags('portfolio')
@Controller(['api/portfolio', ''])
export class IntegrityController {
  constructor(private readonly queries: QueryBus) {}

  @Get('integrity')
  @ApiOperation({
    summary: 'Whether the rows are what the ledger says: when that was last verified, and what differs',
  })
  @Answers(IntegrityBody)
  async integrity(@Query() { account }: AccountAsked): Promise<Answer> {
    return Answer.of(integrityBody(await this.queries.execute(new GetIntegrity(account))));
  }
}

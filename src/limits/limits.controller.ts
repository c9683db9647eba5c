import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answer } from '../portfolio/answer.js';
import { AccountAsked } from '../portfolio/asked.js';
import { Answers } from '../portfolio/bodies/answers.js';
import { limitsBody } from './queries/limits-answer.js';
import { LimitsBody } from './bodies/limits.body.js';
import { GetLimits } from './queries/get-limits.js';

@ApiTags('portfolio')
@Controller(['api/portfolio', ''])
export class LimitsController {
  constructor(private readonly queries: QueryBus) {}

  @Get('limits')
  @ApiOperation({
    summary:
      'Every limit: who sets it, how far it is used, how much is left, and what the emergency stop says',
  })
  @Answers(LimitsBody)
  async limits(@Query() { account }: AccountAsked): Promise<Answer> {
    return Answer.of(limitsBody(await this.queries.execute(new GetLimits(account))));
  }
}

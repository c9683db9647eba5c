import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answer } from './answer.js';
import { ExplainAsked } from './asked.js';
import { Answers } from './bodies/answers.js';
import { ExplainBody, explainBody } from './bodies/explain.body.js';
import { ExplainMetric } from './explain/explain-metric.js';

@ApiTags('portfolio')
@Controller(['api/portfolio', ''])
export class ExplainController {
  constructor(private readonly queries: QueryBus) {}

  @Get('explain')
  @ApiOperation({
    summary: 'A number down to the facts: the leaves sum exactly to it',
    description:
      'Rows and memory are read at one committed version, so the number is the one that its route answers at that version and moment. ' +
      'A name that is no metric is refused with `metric_unknown`, and the detail lists those that are.',
  })
  @Answers(ExplainBody)
  async explain(@Query() { account, metric, depth, limit }: ExplainAsked): Promise<Answer> {
    const explained = await this.queries.execute(new ExplainMetric(account, metric, { depth, limit }));
    return Answer.of(explainBody(account, explained));
  }
}

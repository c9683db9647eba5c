import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AskedBy } from '../access/asked-by.js';
import type { Caller } from '../access/caller.js';
import { maySee } from '../access/caller.js';
import { Answer } from './answer.js';
import { NumbersAsked } from './asked.js';
import { AccountsBody } from './bodies/accounts.body.js';
import { Answers } from './bodies/answers.js';
import { GetAccounts } from './queries/get-accounts.js';

@ApiTags('portfolio')
@Controller(['api/portfolio', ''])
export class AccountsController {
  constructor(private readonly queries: QueryBus) {}

  @Get('accounts')
  @ApiOperation({ summary: 'Every account that came into being and that the key may see' })
  @Answers(AccountsBody)
  async accounts(@Query() _asked: NumbersAsked, @AskedBy() caller: Caller): Promise<Answer> {
    return Answer.of(await this.queries.execute(new GetAccounts((accountId) => maySee(caller, accountId))));
  }
}

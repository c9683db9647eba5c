import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { GetClosedTradesDrawdown } from '../drawdown/queries/get-closed-trades-drawdown.js';
import { GetDrawdowns } from '../drawdown/queries/get-drawdowns.js';
import { GetEquityCandles } from '../drawdown/queries/get-equity-candles.js';
import { GetReturns } from '../drawdown/queries/get-returns.js';
import { CALENDAR } from '../pnl/calendar.provider.js';
import { GetStatistics } from '../pnl/queries/get-statistics.js';
import type { Calendar } from '../shared/periods.js';
import { Answer } from './answer.js';
import { DrawdownsAsked, EquityAsked, ReturnsAsked, StatisticsAsked } from './asked-history.js';
import { sinceOf, untilOf } from './asked-moment.js';
import { Answers } from './bodies/answers.js';
import { DrawdownsBody, drawdownsBody } from './bodies/drawdowns.body.js';
import { EquityBody, equityBody } from './bodies/equity.body.js';
import { ReturnsBody, returnsBody } from './bodies/returns.body.js';
import { StatisticsBody, statisticsBody } from './bodies/statistics.body.js';

/** How an account got where it is: what the database knows of the past, up to now. */
@ApiTags('portfolio')
@Controller(['api/portfolio', ''])
export class HistoryController {
  constructor(
    private readonly queries: QueryBus,
    @Inject(CALENDAR) private readonly calendar: Calendar,
  ) {}

  @Get('statistics')
  @ApiOperation({
    summary: 'How closed trades went: rates, averages, streaks, excursions, all together and by group',
  })
  @Answers(StatisticsBody)
  async statistics(@Query() { account, by, from, to }: StatisticsAsked): Promise<Answer> {
    const asked = { accountId: account, by: by ?? null, ...this.span(from, to) };
    return Answer.of(statisticsBody(asked, await this.queries.execute(new GetStatistics(asked))));
  }

  @Get('returns')
  @ApiOperation({ summary: 'What the account earned by period, time-weighted and money-weighted' })
  @Answers(ReturnsBody)
  async returns(@Query() { account, period, from, to }: ReturnsAsked): Promise<Answer> {
    const asked = { accountId: account, period, ...this.span(from, to) };
    return Answer.of(returnsBody(asked, await this.queries.execute(new GetReturns(asked))));
  }

  @Get('equity')
  @ApiOperation({ summary: 'The path of equity and of the flow-adjusted index, in windows, page by page' })
  @Answers(EquityBody)
  async equity(@Query() { account, resolution, from, to, limit, cursor }: EquityAsked): Promise<Answer> {
    const span = this.span(from, to);
    const until = cursor === undefined ? span.to : Number(cursor);
    const asked = { accountId: account, resolution, from: span.from, to: until, limit };
    return Answer.of(equityBody(asked, await this.queries.execute(new GetEquityCandles(asked))));
  }

  @Get('drawdowns')
  @ApiOperation({ summary: 'The deepest falls from a peak: when, how deep, how long' })
  @Answers(DrawdownsBody)
  async drawdowns(@Query() { account, limit }: DrawdownsAsked): Promise<Answer> {
    const closedTrades = await this.queries.execute(new GetClosedTradesDrawdown(account));
    const episodes = await this.queries.execute(new GetDrawdowns(account, limit));
    return Answer.of(drawdownsBody(account, episodes, closedTrades));
  }

  private span(from: string | undefined, to: string | undefined) {
    return { from: sinceOf(this.calendar, from), to: untilOf(this.calendar, to) };
  }
}

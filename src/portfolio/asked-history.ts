import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Matches, Max, Min, ValidateBy } from 'class-validator';
import type { Resolution } from '../drawdown/domain/candle-window.js';
import { RESOLUTIONS } from '../drawdown/domain/candle-window.js';
import type { ReturnsAsked as Periods } from '../drawdown/queries/get-returns.js';
import type { Grouping } from '../pnl/queries/get-statistics.js';
import { GROUPING_NAMES } from '../pnl/queries/get-statistics.js';
import { AccountAsked } from './asked.js';
import { DayOrMoment } from './asked-moment.js';

export const MAX_CANDLES_PER_PAGE = 2_000;
export const MAX_DRAWDOWNS = 100;

/** A route about a stretch of time. Days are those of the service's time zone. */
class SpanAsked extends AccountAsked {
  @DayOrMoment('From this moment on; a day = from its beginning. Without it from the beginning.')
  readonly from?: string;

  @DayOrMoment('Until this moment, which is not included; a day = to its end. Without it until now.')
  readonly to?: string;
}

/** Which closed trades, and how they are grouped. */
export class StatisticsAsked extends SpanAsked {
  @ApiPropertyOptional({
    enum: [...GROUPING_NAMES],
    description: 'Groups the trades, beside all of them: `model` is the strategy, `reason` the close reason.',
  })
  @IsOptional()
  @IsIn(GROUPING_NAMES)
  readonly by?: Grouping;
}

const PERIODS = ['day', 'week', 'month', 'year', 'all', 'custom'] as const satisfies Periods['period'][];

/** `custom` without its ends would be another name of `all`. */
const needsEnds = () =>
  ValidateBy({
    name: 'customNeedsEnds',
    validator: {
      validate: (value, its) => {
        const { from, to } = its!.object as ReturnsAsked;
        return value !== 'custom' || (from !== undefined && to !== undefined);
      },
      defaultMessage: () => 'period custom needs from and to',
    },
  });

/** Which periods. */
export class ReturnsAsked extends SpanAsked {
  @ApiPropertyOptional({
    enum: [...PERIODS],
    default: 'month',
    description:
      'Calendar periods of the service’s time zone that have a part in from … to (without `from` the last 31 days, 27 weeks, 25 months or 11 years; at most 400), or one period: `all` since the account was first seen, `custom` from … to, cut to whole minutes.',
  })
  @IsOptional()
  @IsIn(PERIODS)
  @needsEnds()
  readonly period: Periods['period'] = 'month';
}

/** Which windows of the equity curve, and which page of them. */
export class EquityAsked extends SpanAsked {
  @ApiPropertyOptional({ enum: [...RESOLUTIONS], default: '1h', description: 'How long a window is.' })
  @IsOptional()
  @IsIn(RESOLUTIONS)
  readonly resolution: Resolution = '1h';

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MAX_CANDLES_PER_PAGE,
    default: 500,
    description: 'Windows a page.',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_CANDLES_PER_PAGE)
  readonly limit: number = 500;

  @ApiPropertyOptional({ description: '`next_cursor` of the page before; without it the newest windows.' })
  @IsOptional()
  @Matches(/^\d{1,16}$/, { message: 'cursor is not of our making' })
  readonly cursor?: string;
}

/** How many of the deepest drawdowns. */
export class DrawdownsAsked extends AccountAsked {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MAX_DRAWDOWNS,
    default: 10,
    description: 'How many, the deepest first.',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_DRAWDOWNS)
  readonly limit: number = 10;
}

import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Matches, Max, MaxLength, Min } from 'class-validator';
import type { TradeStatus } from '../positions/domain/trade.js';
import type { ListedDiscrepancyKind } from '../positions/domain/discrepancy-kinds.js';
import { DISCREPANCY_KINDS } from '../positions/domain/discrepancy-kinds.js';
import { TRADE_STATUSES } from './bodies/trades.body.js';
import { FIGURES, FORMS } from './domain/explain/metric.js';

export const MAX_TRADES_PER_PAGE = 500;
/** The deepest tree: equity, cash, realized, day, trade, booking, rounding. */
export const MAX_EXPLAINED_DEPTH = 10;
export const MAX_EXPLAINED = 1000;

/** How numbers are written. Read by whoever turns the answer into text. */
export class NumbersAsked {
  @ApiPropertyOptional({
    enum: ['number', 'string'],
    default: 'number',
    description:
      '`string` = every decimal, sizes too, as exact plain text without exponent; counts and versions stay numbers.',
  })
  @IsOptional()
  @IsIn(['number', 'string'])
  readonly numbers: 'number' | 'string' = 'number';
}

/** What every route about an account may be asked with. */
export class AccountAsked extends NumbersAsked {
  @ApiPropertyOptional({
    default: 'main',
    pattern: '^[A-Za-z0-9_.:-]{1,64}$',
    description: 'The account it is about.',
  })
  @Matches(/^[A-Za-z0-9_.:-]{1,64}$/, { message: 'account must be 1–64 of A–Z a–z 0–9 _ . : -' })
  readonly account: string = 'main';
}

/** A route that older dashboards read too. */
export class ReportAsked extends AccountAsked {
  @ApiPropertyOptional({
    enum: ['0', '1'],
    default: '0',
    description: '`1` adds the names that older dashboards read.',
  })
  @IsOptional()
  @IsIn(['0', '1'])
  readonly compat: '0' | '1' = '0';
}

const upperCase = ({ value }: { value: unknown }) =>
  typeof value === 'string' ? value.toUpperCase() : value;

/** Which trades, and which page of them. */
export class TradesAsked extends AccountAsked {
  @ApiPropertyOptional({ enum: [...TRADE_STATUSES], description: 'Only trades with this status.' })
  @IsOptional()
  @Transform(upperCase)
  @IsIn(TRADE_STATUSES)
  readonly status?: TradeStatus;

  @ApiPropertyOptional({ example: 'BTCUSDT', description: 'Only trades in this symbol.' })
  @IsOptional()
  @Transform(upperCase)
  @Matches(/^[A-Z0-9][A-Z0-9_.\-/:]{0,39}$/, { message: 'symbol must be 1–40 of A–Z 0–9 _ . - / :' })
  readonly symbol?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MAX_TRADES_PER_PAGE,
    default: 100,
    description: 'Trades a page.',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_TRADES_PER_PAGE)
  readonly limit: number = 100;

  @ApiPropertyOptional({ description: '`next_cursor` of the page before; without it the newest trades.' })
  @IsOptional()
  @Matches(/^[A-Za-z0-9_-]{1,2048}$/, { message: 'cursor is not of our making' })
  readonly cursor?: string;
}

/** Which number, and how much of what it is made of. */
export class ExplainAsked extends AccountAsked {
  @ApiPropertyOptional({
    default: 'total_equity',
    example: 'realized_pnl_today',
    maxLength: 120,
    description: `The number to explain: ${[...FIGURES, ...FORMS].map((name) => `\`${name}\``).join(', ')}.`,
  })
  @MaxLength(120)
  @Matches(/^[\x21-\x7e]+$/, { message: 'metric must be printable text without spaces' })
  readonly metric: string = 'total_equity';

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: MAX_EXPLAINED_DEPTH,
    default: MAX_EXPLAINED_DEPTH,
    description: 'Levels shown below the number; what lies deeper is told by its exact sum and count.',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(MAX_EXPLAINED_DEPTH)
  readonly depth: number = MAX_EXPLAINED_DEPTH;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MAX_EXPLAINED,
    default: 100,
    description:
      'Children shown of a node, and bookings of a period, the newest first; the others are told by their exact sum and count.',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_EXPLAINED)
  readonly limit: number = 100;
}

/** Which discrepancies, and which page of them. */
export class DiscrepanciesAsked extends AccountAsked {
  @ApiPropertyOptional({ enum: [...DISCREPANCY_KINDS], description: 'Only of this kind.' })
  @IsOptional()
  @IsIn(DISCREPANCY_KINDS)
  readonly kind?: ListedDiscrepancyKind;

  @ApiPropertyOptional({ example: 'BTCUSDT', description: 'Only in this symbol.' })
  @IsOptional()
  @Transform(upperCase)
  @Matches(/^[A-Z0-9][A-Z0-9_.\-/:]{0,39}$/, { message: 'symbol must be 1–40 of A–Z 0–9 _ . - / :' })
  readonly symbol?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MAX_TRADES_PER_PAGE,
    default: 100,
    description: 'Discrepancies a page.',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_TRADES_PER_PAGE)
  readonly limit: number = 100;

  @ApiPropertyOptional({ description: '`next_cursor` of the page before; without it the newest ones.' })
  @IsOptional()
  @Matches(/^[A-Za-z0-9_-]{1,2048}$/, { message: 'cursor is not of our making' })
  readonly cursor?: string;
}

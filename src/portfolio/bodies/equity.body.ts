import { ApiProperty } from '@nestjs/swagger';
import type { EquityCandle } from '../../drawdown/domain/equity-candle.js';
import type { CandlesAsked, CandlesPage } from '../../drawdown/queries/get-equity-candles.js';
import { Decimal } from '../../shared/decimal.js';
import { isoOf } from '../../shared/periods.js';
import { AccountBody } from './account.body.js';
import { Exact, Moment, Text, TextOrNull } from './fields.js';

/** One window of an account's equity, in its currency, and of its flow-adjusted index. */
export class EquityWindowBody {
  @Moment('When it begins.')
  readonly start!: string;
  @Exact('Equity as first seen in it.')
  readonly equity_open!: Decimal;
  @Exact('The highest equity seen in it, at any change.')
  readonly equity_high!: Decimal;
  @Exact('The lowest.')
  readonly equity_low!: Decimal;
  @Exact('Equity as last seen in it.')
  readonly equity_close!: Decimal;
  @Exact(
    'The index as first seen: equity ÷ units, 1 at the start of a series; deposits and withdrawals do not move it.',
  )
  readonly index_open!: Decimal;
  @Exact('The highest index seen in it.')
  readonly index_high!: Decimal;
  @Exact('The lowest.')
  readonly index_low!: Decimal;
  @Exact('The index as last seen in it.')
  readonly index_close!: Decimal;
  @Exact(
    'What one unit of money had become when it ended, over all series since the last ruin: returns are quotients of it.',
  )
  readonly growth_close!: Decimal;
  @Exact('The deepest fall from the all-time peak seen in it, percent ≥ 0.')
  readonly max_drawdown_pct!: Decimal;
}

/** A page of windows, the newest first. */
export class EquityBody extends AccountBody {
  @Text('How long a window is. Days are those of the service’s time zone, the others lie on UTC.', {
    enum: ['1m', '5m', '1h', '1d'],
  })
  readonly resolution!: string;
  @ApiProperty({
    type: [EquityWindowBody],
    description:
      'The newest first, the running one included; where nothing was seen there is none: the last close holds.',
  })
  readonly candles!: readonly EquityWindowBody[];
  @TextOrNull('Pass it as `cursor` for the windows before; null = these are the first ones.')
  readonly next_cursor!: string | null;
}

export function equityBody(
  { accountId, resolution }: CandlesAsked,
  { candles, next, version, now }: CandlesPage,
) {
  return {
    account_id: accountId,
    version,
    resolution,
    candles: candles.map(windowBody),
    next_cursor: next === null ? null : String(next),
    timestamp: isoOf(now),
  } satisfies EquityBody;
}

function windowBody(candle: EquityCandle) {
  return {
    start: isoOf(candle.minute),
    equity_open: candle.equityOpen,
    equity_high: candle.equityHigh,
    equity_low: candle.equityLow,
    equity_close: candle.equityClose,
    index_open: candle.indexOpen,
    index_high: candle.indexHigh,
    index_low: candle.indexLow,
    index_close: candle.indexClose,
    growth_close: candle.growthClose,
    max_drawdown_pct: candle.drawdownHigh.times(Decimal.HUNDRED),
  } satisfies EquityWindowBody;
}

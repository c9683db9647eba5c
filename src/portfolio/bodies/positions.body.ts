import { ApiProperty } from '@nestjs/swagger';
import type { PositionBody } from '../../positions/queries/held-position.js';
import type { Decimal } from '../../shared/decimal.js';
import type { Unchanging } from '../../shared/json-text.js';
import { isoOf } from '../../shared/periods.js';
import type { PortfolioState } from '../portfolio-state.js';
import { AccountBody } from './account.body.js';
import { Count, Exact, ExactOrNull, Flag, Moment, MomentOrNull, Text } from './fields.js';

/** What is held in one symbol on one side; long and short of one symbol are two of these. */
export class PositionSchema implements PositionBody {
  @Text('The venue symbol.', { example: 'BTCUSDT' })
  readonly symbol!: string;
  @Text('Which side; it carries the sign.', { enum: ['LONG', 'SHORT'] })
  readonly side!: string;
  @Exact('Quantity in the base asset, full size (leverage is not in it), ≥ 0.')
  readonly size!: Decimal;
  @ExactOrNull('Cost basis ÷ quantity, quote per base; null while no entry price is known.')
  readonly entry_price!: Decimal | null;
  @ExactOrNull(
    'The mark, quote per base; the entry price before any mark was seen; null when neither is known.',
  )
  readonly current_price!: Decimal | null;
  @ExactOrNull('PnL on paper, + = gain; null while no entry price is known.')
  readonly unrealized_pnl!: Decimal | null;
  @ExactOrNull('Unrealized PnL ÷ cost basis × 100, percent, unlevered; null when either is not known.')
  readonly unrealized_pnl_pct!: Decimal | null;
  @ExactOrNull('Notional: quantity × mark, ≥ 0; null when no price is known.')
  readonly exposure!: Decimal | null;
  @ExactOrNull(
    'Leverage of its trades, times (weighted by quantity where they differ); null when none told it.',
  )
  readonly leverage!: Decimal | null;
  @Text('As told by its latest trade, else by the map.', { example: 'CORE' })
  readonly category!: string;
  @Text('By the sector map; OTHER when the symbol is not in it.', { example: 'L1' })
  readonly sector!: string;
  @Exact('Sum of quantity × entry price of what is open.')
  readonly cost_basis!: Decimal;
  @Count('How many open trades it is the sum of.')
  readonly open_trades!: number;
  @Moment('When its oldest open trade opened.')
  readonly opened_at!: string;
  @Text('Where the current price comes from; `entry` = no mark was seen yet.', { example: 'mark_price' })
  readonly price_source!: string;
  @MomentOrNull('When the mark was observed; null without one.')
  readonly price_at!: string | null;
  @Flag('True when the mark is older than the stale limit.')
  readonly price_stale!: boolean;
}

/** The open positions of an account. */
export class PositionsBody extends AccountBody {
  @ApiProperty({ type: [PositionSchema], description: 'By symbol, long before short.' })
  readonly positions!: readonly PositionBody[];
  @Count('How many there are.')
  readonly num_positions!: number;
}

export function positionsBody({ accountId, version, now, positions }: PortfolioState) {
  return {
    account_id: accountId,
    version,
    num_positions: positions.length,
    positions,
    timestamp: isoOf(now),
  } satisfies Omit<PositionsBody, 'positions'> & { positions: readonly Unchanging[] };
}

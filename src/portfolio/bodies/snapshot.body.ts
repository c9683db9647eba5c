import { ApiProperty } from '@nestjs/swagger';
import type { PositionBody } from '../../positions/queries/held-position.js';
import type { Decimal } from '../../shared/decimal.js';
import type { SnapshotBody } from '../queries/get-snapshot.js';
import { AccountBody } from './account.body.js';
import { Count, Exact, ExactOrNull } from './fields.js';
import { PositionSchema } from './positions.body.js';

/** The portfolio of an account on one page. Money in its currency. */
export class SnapshotSchema extends AccountBody implements Omit<SnapshotBody, 'positions'> {
  @Exact('Wallet balance + unrealized PnL.', '10194.113')
  readonly total_equity!: Decimal;
  @Exact('Wallet balance: deposits − withdrawals + net realized PnL.', '10020')
  readonly cash_balance!: Decimal;
  @Exact('Sum of the notionals of all positions, long + short, ≥ 0.', '12822.339')
  readonly total_exposure!: Decimal;
  @Count('How many positions; long and short of one symbol are two.')
  readonly num_positions!: number;
  @ApiProperty({ type: [PositionSchema], description: 'By symbol, long before short.' })
  readonly positions!: readonly PositionBody[];
  @Exact('PnL still on paper, + = gain.', '174.113')
  readonly unrealized_pnl!: Decimal;
  @Exact('Net realized PnL booked today, + = gain.')
  readonly realized_pnl_today!: Decimal;
  @Exact('Realized today + unrealized.')
  readonly daily_pnl!: Decimal;
  @Exact('Fall from the highest point of the day, percent ≥ 0.')
  readonly daily_drawdown_pct!: Decimal;
  @Exact('Fall from the highest point of the ISO week, percent ≥ 0.')
  readonly weekly_drawdown_pct!: Decimal;
  @Exact('The deepest fall from a peak ever, percent ≥ 0.')
  readonly max_drawdown_pct!: Decimal;
  @ExactOrNull(
    'How well it agrees with the exchange: 100 × (1 − money of open breaks ÷ equity), 0 to 100; null when nothing was reported, or a break cannot be sized.',
    '100',
  )
  readonly reconciliation_score!: Decimal | null;
  @ApiProperty({
    type: [String],
    description:
      'What this answer does not know: `name`, `name:symbol` or `name:count`. Empty = nothing is in doubt.',
    example: ['price_stale:ETHUSDT'],
  })
  readonly warnings!: readonly string[];
}

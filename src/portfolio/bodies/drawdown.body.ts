import { ApiProperty } from '@nestjs/swagger';
import type { Decimal } from '../../shared/decimal.js';
import { isoOf } from '../../shared/periods.js';
import type { PortfolioState } from '../portfolio-state.js';
import { AccountBody } from './account.body.js';
import { Exact, ExactOrNull } from './fields.js';

/** How far below its peaks an account is. Deposits and withdrawals are taken out; percents are ≥ 0. */
export class DrawdownBody extends AccountBody {
  @Exact('Fall from the highest point of the day, percent.')
  readonly daily_drawdown_pct!: Decimal;
  @Exact('Fall from the highest point of the ISO week, percent.')
  readonly weekly_drawdown_pct!: Decimal;
  @Exact('Fall from the all-time peak to now, percent.')
  readonly current_drawdown_pct!: Decimal;
  @Exact('The deepest fall from a peak ever, the running one included, percent. It never shrinks.')
  readonly max_drawdown_pct!: Decimal;
  @ExactOrNull("The all-time peak in today's money; null before equity was ever above zero.")
  readonly peak_equity!: Decimal | null;
  @Exact("Wallet balance + unrealized PnL, in the account's currency.")
  readonly current_equity!: Decimal;
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    nullable: true,
    description: 'Whole 24-hour days since the peak was last touched; null before there was one.',
  })
  readonly days_since_peak!: number | null;
  @ExactOrNull(
    'Share of the fall since the peak that has been won back, percent; 100 at the peak, null before there was one.',
  )
  readonly recovery_progress_pct!: Decimal | null;
}

export function drawdownBody({ accountId, version, now, drawdown }: PortfolioState) {
  return {
    account_id: accountId,
    version,
    daily_drawdown_pct: drawdown.dailyDrawdownPct,
    weekly_drawdown_pct: drawdown.weeklyDrawdownPct,
    current_drawdown_pct: drawdown.currentDrawdownPct,
    max_drawdown_pct: drawdown.maxDrawdownPct,
    peak_equity: drawdown.peakEquity,
    current_equity: drawdown.currentEquity,
    days_since_peak: drawdown.daysSincePeak,
    recovery_progress_pct: drawdown.recoveryProgressPct,
    timestamp: isoOf(now),
  } satisfies DrawdownBody;
}

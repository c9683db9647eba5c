import { marginDrawdown } from '../../exposure/domain/margin-model.js';
import { marginUsed } from '../../exposure/domain/margin-used.js';
import type { Statistic } from '../../pnl/domain/statistics/statistic.js';
import { known, unknown } from '../../pnl/domain/statistics/statistic.js';
import { Decimal } from '../../shared/decimal.js';
import { isoOf } from '../../shared/periods.js';
import type { PortfolioState } from '../portfolio-state.js';
import { AccountBody } from './account.body.js';
import { CountOrNull, Exact, ExactOrNull, MomentOrNull } from './fields.js';
import { Reasoned, reasoned } from './reasoned.js';

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
  @CountOrNull('Whole 24-hour days since the peak was last touched; null before there was one.')
  readonly days_since_peak!: number | null;
  @ExactOrNull(
    'Share of the fall since the peak that has been won back, percent; 100 at the peak, null before there was one.',
  )
  readonly recovery_progress_pct!: Decimal | null;
  @MomentOrNull('When the lowest since the peak was first seen; null before there was a peak.')
  readonly trough_at!: string | null;
  @MomentOrNull('When the account was first seen below the peak it is still below; null at the peak.')
  readonly underwater_since!: string | null;
  @CountOrNull('Seconds since then, 0 at the peak; null before there was one.')
  readonly underwater_seconds!: number | null;
  @CountOrNull(
    'The longest that a fall lasted until its peak was reached again, seconds; null while none was.',
  )
  readonly longest_recovery_seconds!: number | null;
  @MomentOrNull('When the peak of the deepest fall was last touched; null while nothing ever fell.')
  readonly max_drawdown_peak_at!: string | null;
  @MomentOrNull('When the deepest fall was deepest; null while nothing ever fell.')
  readonly max_drawdown_trough_at!: string | null;
  @Reasoned(
    'Unrealized loss ÷ margin in use (Σ notional ÷ leverage), percent ≥ 0, 0 while open positions gain; null without open positions or when a leverage is not known. Another thing than a fall from a peak.',
  )
  readonly margin_drawdown_pct!: Decimal | null;
}

export function drawdownBody({ accountId, version, now, drawdown, pnl, positions }: PortfolioState) {
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
    trough_at: momentOf(drawdown.troughAt),
    underwater_since: momentOf(drawdown.underwaterSince),
    underwater_seconds: drawdown.underwaterSeconds,
    longest_recovery_seconds: drawdown.longestRecoverySeconds,
    max_drawdown_peak_at: momentOf(drawdown.maxDrawdownPeakAt),
    max_drawdown_trough_at: momentOf(drawdown.maxDrawdownTroughAt),
    ...reasoned({ margin_drawdown_pct: onMargin(pnl.unrealized, positions) }),
    timestamp: isoOf(now),
  } satisfies DrawdownBody;
}

function onMargin(unrealized: Decimal, positions: PortfolioState['positions']): Statistic<Decimal> {
  if (positions.length === 0) return unknown('no_positions');
  const margin = marginUsed(positions);
  const share = margin && marginDrawdown(unrealized, margin);
  return share ? known(share.times(Decimal.HUNDRED).rounded()) : unknown('margin_unknown');
}

const momentOf = (micros: number | null) => (micros === null ? null : isoOf(micros));

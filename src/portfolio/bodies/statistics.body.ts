import { ApiProperty } from '@nestjs/swagger';
import type { Statistic } from '../../pnl/domain/statistics/statistic.js';
import type { GroupStatistics, Statistics, StatisticsAsked } from '../../pnl/queries/get-statistics.js';
import { MAX_GROUPS } from '../../pnl/queries/get-statistics.js';
import { Decimal } from '../../shared/decimal.js';
import { MICROS_PER_SECOND, isoOf } from '../../shared/periods.js';
import { AccountBody } from './account.body.js';
import { Count, Exact, Flag, MomentOrNull, TextOrNull } from './fields.js';
import { Reasoned, reasoned } from './reasoned.js';

/** How closed trades went. Money in the account's currency, net of everything, + = earned. */
export class TradeStatisticsBody {
  @TextOrNull(
    'What they have in common: the symbol, side, model or close reason; null when they told none, and for all of them.',
  )
  readonly key!: string | null;
  @Count('Closed trades and orphans whose PnL is known; everything else here is of these.')
  readonly closed_trades!: number;
  @Count('Closed trades that are left out, because what they earned is neither reported nor computable.')
  readonly unknown_pnl_trades!: number;
  @Count('With net PnL above zero.')
  readonly winning_trades!: number;
  @Count('With net PnL below zero; exactly zero is neither.')
  readonly losing_trades!: number;
  @Reasoned('Winning trades, percent of the closed ones; null with none.')
  readonly win_rate!: Decimal | null;
  @Reasoned('Sum of wins ÷ sum of losses without their sign; null with no losing trade.')
  readonly profit_factor!: Decimal | null;
  @Reasoned('Mean PnL of a trade; null with none.')
  readonly expectancy!: Decimal | null;
  @Reasoned('Average win ÷ average loss without its sign; null without a win or without a loss.')
  readonly payoff_ratio!: Decimal | null;
  @Reasoned(
    'System quality number: √n × mean ÷ sample deviation of PnL; null below two trades or when all earned the same.',
  )
  readonly sqn!: Decimal | null;
  @Reasoned('Mean PnL of the winning trades, > 0; null with none.')
  readonly average_win!: Decimal | null;
  @Reasoned('Mean PnL of the losing trades, < 0; null with none.')
  readonly average_loss!: Decimal | null;
  @Reasoned('The largest PnL; null with no trade.')
  readonly best_trade_pnl!: Decimal | null;
  @Reasoned('The smallest PnL; null with no trade.')
  readonly worst_trade_pnl!: Decimal | null;
  @Count('The most wins in a row, in order of closing; a trade of exactly zero ends a run.')
  readonly longest_win_streak!: number;
  @Count('The most losses in a row.')
  readonly longest_loss_streak!: number;
  @ApiProperty({
    type: 'integer',
    description: 'The run at the end: + so many wins, − so many losses, 0 after a zero.',
  })
  readonly current_streak!: number;
  @Reasoned('Mean time from open to close, seconds; null when no opening is known (orphans).')
  readonly average_duration_sec!: Decimal | null;
  @Reasoned(
    'Median time from open to close, seconds; of an even number the mean of the middle two; null as the average.',
  )
  readonly median_duration_sec!: Decimal | null;
  @Count('Trades that saw a mark while open: the excursions are of these.')
  readonly excursion_trades!: number;
  @Reasoned('Mean maximum adverse excursion, money ≤ 0; null when no trade saw a mark.')
  readonly average_mae!: Decimal | null;
  @Reasoned('Mean maximum favourable excursion, money ≥ 0; null when no trade saw a mark.')
  readonly average_mfe!: Decimal | null;
  @Exact('Sum of what they earned.')
  readonly total_pnl!: Decimal;
  @Exact('Sum of the fees that were told of them, ≥ 0; total_pnl is after them.')
  readonly total_fees!: Decimal;
}

/** Statistics over the closed trades of an account, all together and by group. */
export class StatisticsBody extends AccountBody {
  @MomentOrNull('Only trades closed at or after this; null = from the beginning.')
  readonly from!: string | null;
  @MomentOrNull('Only trades closed before this; null = to the end.')
  readonly to!: string | null;
  @TextOrNull('What the groups are by; null when no grouping was asked for.', {
    enum: ['symbol', 'side', 'model', 'reason'],
  })
  readonly by!: string | null;
  @ApiProperty({ type: TradeStatisticsBody, description: 'All of them together.' })
  readonly all!: TradeStatisticsBody;
  @ApiProperty({
    type: [TradeStatisticsBody],
    description: `Those with most trades first, at most ${MAX_GROUPS}; empty when no grouping was asked for.`,
  })
  readonly groups!: readonly TradeStatisticsBody[];
  @Flag('True when there are more groups than are listed.')
  readonly groups_cut!: boolean;
}

export function statisticsBody(asked: StatisticsAsked, { all, groups, groupsCut, version, now }: Statistics) {
  return {
    account_id: asked.accountId,
    version,
    from: asked.from === null ? null : isoOf(asked.from),
    to: asked.to === null ? null : isoOf(asked.to),
    by: asked.by,
    all: groupBody(all),
    groups: groups.map(groupBody),
    groups_cut: groupsCut,
    timestamp: isoOf(now),
  } satisfies StatisticsBody;
}

const MICROS = Decimal.integer(MICROS_PER_SECOND);

function seconds(micros: Statistic<Decimal>): Statistic<Decimal> {
  return micros.reason === null ? { value: micros.value.dividedBy(MICROS), reason: null } : micros;
}

function groupBody({ key, unknown, fees, totals, ...summary }: GroupStatistics) {
  return {
    key,
    closed_trades: totals.closed,
    unknown_pnl_trades: unknown,
    winning_trades: totals.wins,
    losing_trades: totals.losses,
    longest_win_streak: totals.streaks.wins,
    longest_loss_streak: totals.streaks.losses,
    current_streak: totals.streaks.current,
    excursion_trades: totals.seen,
    total_pnl: totals.pnl,
    total_fees: fees,
    ...reasoned({
      win_rate: summary.winRatePct,
      profit_factor: summary.profitFactor,
      expectancy: summary.expectancy,
      payoff_ratio: summary.payoff,
      sqn: summary.sqn,
      average_win: summary.averageWin,
      average_loss: summary.averageLoss,
      best_trade_pnl: summary.best,
      worst_trade_pnl: summary.worst,
      average_duration_sec: seconds(summary.averageHeld),
      median_duration_sec: seconds(summary.medianHeld),
      average_mae: summary.averageMae,
      average_mfe: summary.averageMfe,
    }),
  } satisfies TradeStatisticsBody;
}

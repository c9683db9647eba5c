import { ApiProperty } from '@nestjs/swagger';
import type { DrawdownEpisode, Drawdowns } from '../../drawdown/queries/get-drawdowns.js';
import type { Statistic } from '../../pnl/domain/statistics/statistic.js';
import type { Decimal } from '../../shared/decimal.js';
import { isoOf } from '../../shared/periods.js';
import { AccountBody } from './account.body.js';
import { Count, Exact, Flag, Moment, MomentOrNull } from './fields.js';
import { Reasoned, reasoned } from './reasoned.js';

/** One stay below a peak. Times are those of the minutes in which it happened. */
export class DrawdownEpisodeBody {
  @Moment('When the peak was last touched.')
  readonly peak_at!: string;
  @Moment('When it was deepest.')
  readonly trough_at!: string;
  @MomentOrNull('When the peak was reached again; null when it was not.')
  readonly recovered_at!: string | null;
  @Flag(
    'True when it lasts until now. One that neither lasts nor recovered ended with its series: all was withdrawn or lost.',
  )
  readonly running!: boolean;
  @Exact('The deepest fall from the peak, percent > 0, as it was seen at every change of equity.')
  readonly depth_pct!: Decimal;
  @Count("From the peak's last touch until it was reached again, or until now, seconds.")
  readonly underwater_seconds!: number;
}

/** The deepest falls of an account. */
export class DrawdownsBody extends AccountBody {
  @ApiProperty({ type: [DrawdownEpisodeBody], description: 'The deepest first; at most a second behind.' })
  readonly drawdowns!: readonly DrawdownEpisodeBody[];
  @Reasoned(
    'The deepest fall that closed trades alone made, percent ≥ 0: of a balance that starts with the net deposits and moves with the PnL of each trade when it closes. null without closed trades or net deposits above zero, or while the database is away. What is open has no part in it, so it says less than max_drawdown_pct.',
  )
  readonly closed_trades_drawdown_pct!: Decimal | null;
}

export function drawdownsBody(
  accountId: string,
  { episodes, version, now }: Drawdowns,
  closedTrades: Statistic<Decimal>,
) {
  return {
    account_id: accountId,
    version,
    drawdowns: episodes.map(episodeBody),
    ...reasoned({ closed_trades_drawdown_pct: closedTrades }),
    timestamp: isoOf(now),
  } satisfies DrawdownsBody;
}

function episodeBody(episode: DrawdownEpisode) {
  return {
    peak_at: isoOf(episode.peakAt),
    trough_at: isoOf(episode.troughAt),
    recovered_at: episode.recoveredAt === null ? null : isoOf(episode.recoveredAt),
    running: episode.running,
    depth_pct: episode.depthPct,
    underwater_seconds: episode.underwaterSeconds,
  } satisfies DrawdownEpisodeBody;
}

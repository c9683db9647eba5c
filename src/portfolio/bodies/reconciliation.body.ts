import { ApiProperty } from '@nestjs/swagger';
import type { FollowedBreak } from '../../reconciliation/domain/break.js';
import { BREAK_KINDS, CAUSES } from '../../reconciliation/domain/break.js';
import { SCORE_REASONS, reconciliationScore } from '../../reconciliation/domain/score.js';
import type { Reconciliation } from '../../reconciliation/queries/get-reconciliation.js';
import { Decimal } from '../../shared/decimal.js';
import { MICROS_PER_SECOND, isoOf } from '../../shared/periods.js';
import { AccountBody } from './account.body.js';
import { Count, CountOrNull, ExactOrNull, Flag, Moment, MomentOrNull, Text, TextOrNull } from './fields.js';

/** One difference between ours and the exchange's. */
export class BreakBody {
  @Text('What differs.', { enum: [...BREAK_KINDS] })
  readonly kind!: string;
  @TextOrNull('The venue symbol; null for the wallet.', { example: 'BTCUSDT' })
  readonly symbol!: string | null;
  @TextOrNull('The side of the position; null for the wallet.', { enum: ['LONG', 'SHORT'] })
  readonly side!: string | null;
  @ExactOrNull('Ours: a base size, for entry_price a price, for wallet and unrealized money.')
  readonly ours!: Decimal | null;
  @ExactOrNull('Theirs, in the same unit.')
  readonly theirs!: Decimal | null;
  @ExactOrNull('Theirs − ours.')
  readonly difference!: Decimal | null;
  @ExactOrNull('What it is worth, ≥ 0; null when no price is known.')
  readonly money!: Decimal | null;
  @Text('By money as a share of equity: below 0.1 % minor, from 1 % critical.', {
    enum: ['minor', 'major', 'critical'],
  })
  readonly severity!: string;
  @Text('What probably made it.', { enum: [...CAUSES] })
  readonly suspected_cause!: string;
  @Moment('The first report that showed it.')
  readonly opened_at!: string;
  @Moment('The last one.')
  readonly last_seen_at!: string;
  @Count('Whole seconds since the first report that showed it; of an ended one, until it ended.')
  readonly age_sec!: number;
  @Count('How many reports showed it.')
  readonly reports!: number;
  @MomentOrNull('The report in which it was gone, or whose number was adopted; null = it is open.')
  readonly closed_at!: string | null;
  @TextOrNull('How it ended; null = it is open.', { enum: ['healed', 'adopted'] })
  readonly ended!: string | null;
  @CountOrNull('The version of the fact that adopted it; null for the others.')
  readonly version!: number | null;
}

/** The newest wallet that was reported. */
export class WalletReportBody {
  @Moment('When it was made.')
  readonly reported_at!: string;
  @TextOrNull('Who made it, when told.')
  readonly source!: string | null;
  @ExactOrNull('The wallet balance that it told.')
  readonly wallet!: Decimal | null;
  @Count('Whole seconds since it came in.')
  readonly age_sec!: number;
}

/** The newest set of positions that was compared. */
export class HoldingsReportBody {
  @Moment('When it was made.')
  readonly reported_at!: string;
  @TextOrNull('Who made it, when told.')
  readonly source!: string | null;
  @Count('How many positions it held.')
  readonly positions!: number;
  @Flag('True when all were there: only then does absence mean flat.')
  readonly complete!: boolean;
  @Count('Whole seconds since it came in.')
  readonly age_sec!: number;
}

/** How an account's books agree with the exchange. */
export class ReconciliationBody extends AccountBody {
  @Text('Whether the exchange’s numbers are booked.', { enum: ['adopt', 'report'] })
  readonly policy!: string;
  @Count('Seconds a difference of a position has to last before it is adopted, where others tell of it, too.')
  readonly grace_sec!: number;
  @ExactOrNull('As in the snapshot.', '100')
  readonly reconciliation_score!: Decimal | null;
  @TextOrNull('Why the score is unknown; else null.', { enum: [...SCORE_REASONS] })
  readonly reconciliation_reason!: string | null;
  @ApiProperty({ type: WalletReportBody, nullable: true, description: 'null = none was reported.' })
  readonly wallet_report!: WalletReportBody | null;
  @ApiProperty({ type: HoldingsReportBody, nullable: true, description: 'null = none was compared.' })
  readonly holdings_report!: HoldingsReportBody | null;
  @ApiProperty({ type: [BreakBody], description: 'What differs now.' })
  readonly open!: readonly BreakBody[];
  @ApiProperty({ type: [BreakBody], description: 'What ended, the last first, at most 100.' })
  readonly closed!: readonly BreakBody[];
}

export function reconciliationBody(accountId: string, found: Reconciliation, equity: Decimal) {
  const { reports, now, open } = found;
  const isReported = reports.walletAt !== null || reports.holdingsAt !== null;
  const sized = open.map(({ money }) => money).filter((money) => money !== null);
  const money = sized.length === open.length ? Decimal.sum(sized) : null;
  const standing = isReported ? { count: open.length, money, ...reports } : null;
  const { score, reason } = reconciliationScore(standing, equity, found.oldest);
  return {
    account_id: accountId,
    version: found.version,
    policy: found.policy,
    grace_sec: found.graceSec,
    reconciliation_score: score,
    reconciliation_reason: reason,
    wallet_report: walletReport(reports, now),
    holdings_report: holdingsReport(reports, now),
    open: open.map((one) => breakBody(one, now)),
    closed: found.closed.map((one) => breakBody(one, now)),
    timestamp: isoOf(now),
  } satisfies ReconciliationBody;
}

const seconds = (from: number, to: number) => Math.max(0, Math.floor((to - from) / MICROS_PER_SECOND));

function walletReport(
  { walletAt, walletSource, wallet, walletReceivedAt }: Reconciliation['reports'],
  now: number,
) {
  if (walletAt === null) return null;
  const reported = { reported_at: isoOf(walletAt), source: walletSource, wallet };
  return { ...reported, age_sec: seconds(walletReceivedAt!, now) } satisfies WalletReportBody;
}

function holdingsReport(reports: Reconciliation['reports'], now: number) {
  if (reports.holdingsAt === null) return null;
  return {
    reported_at: isoOf(reports.holdingsAt),
    source: reports.holdingsSource,
    positions: reports.holdingsPositions!,
    complete: reports.holdingsComplete!,
    age_sec: seconds(reports.holdingsReceivedAt!, now),
  } satisfies HoldingsReportBody;
}

function breakBody(one: FollowedBreak, now: number) {
  const { ours, theirs, difference, money, severity, reports, closedAt, ended, version } = one;
  return {
    kind: one.kind,
    symbol: one.symbol || null,
    side: one.side || null,
    ...{ ours, theirs, difference, money, severity },
    suspected_cause: one.cause,
    opened_at: isoOf(one.openedAt),
    last_seen_at: isoOf(one.lastSeenAt),
    age_sec: seconds(one.openedAt, closedAt ?? now),
    reports,
    closed_at: closedAt === null ? null : isoOf(closedAt),
    ended,
    version,
  } satisfies BreakBody;
}

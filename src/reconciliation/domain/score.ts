import type { Micros } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import type { OpenBreaks } from './severity.js';

/** When an account's money and its whole set of positions were last compared, by our clock; null = never. */
export interface Compared {
  readonly walletReceivedAt: Micros | null;
  readonly completeReceivedAt: Micros | null;
}

/** Why a score is unknown. `positions_not_compared`: none came, or never all of them. */
export const SCORE_REASONS = [
  'nothing_reported',
  'wallet_not_compared',
  'positions_not_compared',
  'too_old',
  'break_not_sized',
] as const;
export type ScoreReason = (typeof SCORE_REASONS)[number];

/** How well our books agree with the exchange, 0 to 100; unknown (null) for a reason. */
export interface Score {
  readonly score: Decimal | null;
  readonly reason: ScoreReason | null;
}

/**
 * 100 × (1 − Σ money of open breaks ÷ equity), at least 0; 100 = nothing differs. With no equity left any break makes it 0. It says something
 * only when money and all positions were compared, both not before `oldest`, and every break can be sized.
 */
export function reconciliationScore(
  found: (OpenBreaks & Compared) | null,
  equity: Decimal,
  oldest: Micros,
): Score {
  const reason = found ? doubtOf(found, oldest) : 'nothing_reported';
  if (!found || reason !== null) return { score: null, reason };
  if (found.count === 0) return { score: Decimal.HUNDRED, reason: null };
  if (found.money === null) return { score: null, reason: 'break_not_sized' };
  if (!equity.isPositive()) return { score: Decimal.ZERO, reason: null };
  const lost = found.money.times(Decimal.HUNDRED).dividedBy(equity);
  return { score: Decimal.max(Decimal.ZERO, Decimal.HUNDRED.minus(lost)), reason: null };
}

function doubtOf({ walletReceivedAt, completeReceivedAt }: Compared, oldest: Micros): ScoreReason | null {
  if (walletReceivedAt === null) return 'wallet_not_compared';
  if (completeReceivedAt === null) return 'positions_not_compared';
  return Math.min(walletReceivedAt, completeReceivedAt) < oldest ? 'too_old' : null;
}

/** What was compared once and not since `oldest`: the rest of the story is older than it looks. */
export function staleParts(
  { walletReceivedAt, completeReceivedAt }: Compared,
  oldest: Micros,
): ('wallet' | 'positions')[] {
  const isStale = (at: Micros | null) => at !== null && at < oldest;
  return [
    ...(isStale(walletReceivedAt) ? ['wallet' as const] : []),
    ...(isStale(completeReceivedAt) ? ['positions' as const] : []),
  ];
}

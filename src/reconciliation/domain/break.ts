import type { Micros, Side } from '../../ledger/facts.js';
import type { Decimal } from '../../shared/decimal.js';

/**
 * wallet: the balances differ. unknown_position: they hold what we know nothing of. missing_position: we hold what they do not.
 * position: both hold it, in other sizes. entry_price, unrealized: the same size at another price, or with another PnL on paper.
 */
export const BREAK_KINDS = [
  'wallet',
  'unknown_position',
  'missing_position',
  'position',
  'entry_price',
  'unrealized',
] as const;
export type BreakKind = (typeof BREAK_KINDS)[number];

/** What probably made a break; a guess by rules, never more. */
export const CAUSES = [
  'missed_fill',
  'stale_trade',
  'funding',
  'fee',
  'transfer',
  'averaging',
  'price',
  'unknown',
] as const;
export type Cause = (typeof CAUSES)[number];

export type Severity = 'minor' | 'major' | 'critical';

/** One difference between what we have and what the exchange reports, as of the report's time. */
export interface Break {
  readonly kind: BreakKind;
  /** Empty for the wallet. */
  readonly symbol: string;
  readonly side: Side | '';
  /** Sizes for positions (base, ≥ 0), a price for entry_price, money for wallet and unrealized; null = not known. */
  readonly ours: Decimal | null;
  readonly theirs: Decimal | null;
  /** theirs − ours; null when ours is not known. */
  readonly difference: Decimal | null;
  /** What it is worth, ≥ 0: the size of the difference at their mark, or the difference itself; null without any price. */
  readonly money: Decimal | null;
  readonly cause: Cause;
}

/** A break over the reports that showed it. Times are those of the reports. */
export interface FollowedBreak extends Break {
  readonly severity: Severity;
  readonly openedAt: Micros;
  readonly lastSeenAt: Micros;
  /** How many reports of different times showed it. */
  readonly reports: number;
  readonly closedAt: Micros | null;
  /** healed: it was gone by itself. adopted: the exchange's number was booked. */
  readonly ended: 'healed' | 'adopted' | null;
  /** The fact that adopted it. */
  readonly version: number | null;
}

/** What a break is about: there is at most one open break of it. */
export const breakKey = ({ kind, symbol, side }: Pick<Break, 'kind' | 'symbol' | 'side'>) =>
  `${kind}/${symbol}/${side}`;

/** True for the kinds that are about the size of a position: only these are adopted as such. */
export function isOfSize({ kind }: Pick<Break, 'kind'>): boolean {
  return kind === 'position' || kind === 'unknown_position' || kind === 'missing_position';
}

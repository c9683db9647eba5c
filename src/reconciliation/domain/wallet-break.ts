import type { Micros } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import { MICROS_PER_SECOND } from '../../shared/periods.js';
import type { Break, Cause } from './break.js';

/** Money that differs by less than this is not worth a look; what is adopted is adopted, and listed, to the digit. */
export const MONEY_TOLERANCE = Decimal.parse('0.01');

/** Perpetuals pay funding every eight hours, at 00:00, 08:00 and 16:00 UTC. */
const FUNDING_EVERY = 8 * 3600 * MICROS_PER_SECOND;
/** No more of the exposure than this is paid at once, nor of a fill as its fee. */
const MOST_FUNDING = Decimal.parse('0.01');
const MOST_FEE = Decimal.parse('0.001');

/** What is known of the time in which a wallet began to differ. Money in the account's currency, ≥ 0. */
export interface Circumstances {
  /** The report before; null = this is the first. */
  readonly since: Micros | null;
  readonly until: Micros;
  /** Gross notional now. */
  readonly exposure: Decimal;
  /** Notional of what was traded since. */
  readonly turnover: Decimal;
  /** Whether a position's size differs, too. */
  readonly positionsDiffer: boolean;
}

/** The wallet as a break; null when it does not differ, or by less than `least`. Money, + = theirs is more. */
export function walletBreak(
  ours: Decimal,
  theirs: Decimal,
  known: Circumstances,
  least: Decimal = MONEY_TOLERANCE,
): Break | null {
  const difference = theirs.minus(ours);
  if (difference.isZero() || difference.abs().lessThan(least)) return null;
  const cause = walletCause(difference, known);
  return { kind: 'wallet', symbol: '', side: '', ours, theirs, difference, money: difference.abs(), cause };
}

/**
 * The first that fits: a position differs, so a fill was missed; a funding time has passed and the sum is small beside the exposure; it is a
 * loss as small as a fee beside what was traded; it is a round sum, or nothing was held or traded that could have earned it.
 */
export function walletCause(difference: Decimal, known: Circumstances): Cause {
  const { exposure, turnover } = known;
  const size = difference.abs();
  if (known.positionsDiffer) return 'missed_fill';
  if (hasFundingTime(known) && !size.greaterThan(exposure.times(MOST_FUNDING))) return 'funding';
  if (difference.isNegative() && !size.greaterThan(turnover.times(MOST_FEE))) return 'fee';
  const isRound = size.equals(size.rounded(0));
  return isRound || (exposure.isZero() && turnover.isZero()) ? 'transfer' : 'unknown';
}

function hasFundingTime({ since, until }: Circumstances): boolean {
  return since !== null && Math.floor(until / FUNDING_EVERY) > Math.floor(since / FUNDING_EVERY);
}

import type { Micros } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import type { LimitName, Unit } from './limit.js';
import { LIMIT_KINDS } from './limit.js';

/** Who tells limits. `settings` are this service's own. */
export const LIMIT_SOURCES = ['settings', 'risk_safety', 'redis_policy'] as const;
export type LimitSource = (typeof LIMIT_SOURCES)[number];

/** The unit in which a source writes a number: `fraction` of 1, `money_or_fraction` when it does not say which. */
export type RawUnit = Unit | 'fraction' | 'money_or_fraction';

/** What a source said of a limit, word for word. */
export interface Saying {
  readonly limit: LimitName;
  /** null = for every symbol, or a limit that is not one of a symbol. */
  readonly symbol: string | null;
  readonly source: LimitSource;
  /** Where the source keeps it, such as `ess.max_daily_loss_pct`. */
  readonly key: string;
  /** As it was told; null = the source could not be asked, and `problem` says why. */
  readonly raw: string | null;
  readonly rawUnit: RawUnit;
  /** Why there is no number in it, such as a mode that is not among the modes; null = there should be one. */
  readonly problem: string | null;
  /** When it was told; null = it does not age. */
  readonly readAt: Micros | null;
}

/** The same with what it means. */
export interface ToldLimit extends Saying {
  /** In the limit's own unit; null = unknown, and `reason` says why. */
  readonly value: Decimal | null;
  readonly reason: string | null;
}

/**
 * What a saying means, in the unit of its limit: a fraction becomes percent. Null with a reason when it was not told (`problem`), is no
 * number (`not_a_number`), negative (`negative`), a fraction above 1 (`not_a_fraction`), a percent that cannot be (`implausible`), or may
 * be either money or a fraction (`unit_unknown`): what is not sure is not guessed.
 */
export function toldLimit(saying: Saying): ToldLimit {
  const { raw, rawUnit, limit } = saying;
  if (saying.problem !== null || raw === null) return unusable(saying, saying.problem ?? 'not_told');
  const number = numberOf(raw);
  if (!number) return unusable(saying, 'not_a_number');
  if (number.isNegative()) return unusable(saying, 'negative');
  const isSmall = !number.greaterThan(Decimal.ONE);
  if (rawUnit === 'money_or_fraction' && isSmall) return unusable(saying, 'unit_unknown');
  if (rawUnit === 'fraction' && !isSmall) return unusable(saying, 'not_a_fraction');
  const value = rawUnit === 'fraction' ? number.times(Decimal.HUNDRED) : number;
  const { most } = LIMIT_KINDS[limit];
  if (most && value.greaterThan(most)) return unusable(saying, 'implausible');
  return { ...saying, value, reason: null };
}

function unusable(saying: Saying, reason: string): ToldLimit {
  return { ...saying, value: null, reason };
}

function numberOf(text: string): Decimal | null {
  try {
    return Decimal.parse(text.trim());
  } catch {
    // It throws for nothing but a text that is no number, or none of a sane size.
    return null;
  }
}

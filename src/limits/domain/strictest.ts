import type { Micros } from '../../ledger/facts.js';
import type { Decimal } from '../../shared/decimal.js';
import type { LimitName } from './limit.js';
import type { ToldLimit } from './told-limit.js';
import type { ToldLimits } from './told-limits.js';

/** The limit that counts, of all that were told. */
export interface StandingLimit {
  /** null = unknown, and `reason` says why. */
  readonly value: Decimal | null;
  readonly reason: string | null;
  /** Who told the value that counts; null = nobody. */
  readonly from: ToldLimit | null;
  /** True = a stricter value than the one that counts was told and is too old: what counts is known, what holds is not. */
  readonly isStricterLapsed: boolean;
  /** Everything that was told of it, the unusable too, with its reason. */
  readonly told: readonly ToldLimit[];
}

type Usable = ToldLimit & { readonly value: Decimal };

/**
 * The strictest of what was told of a limit and is not older than `oldest` counts: of several guards the first one to stop is what holds.
 * Unknown when nobody told it (`not_set`), or nothing of it can be used (the reason of the first).
 */
export function strictest(
  all: ToldLimits,
  { limit, symbol, oldest }: { limit: LimitName; symbol: string | null; oldest: Micros },
): StandingLimit {
  const said = all.of(limit, symbol);
  const told = said.some((one) => isLapsed(one, oldest)) ? said.map((one) => aged(one, oldest)) : said;
  const from = smallest(told);
  const lapsed = told === said ? null : smallest(said.filter((one) => isLapsed(one, oldest)));
  return {
    value: from?.value ?? null,
    reason: from ? null : (told[0]?.reason ?? 'not_set'),
    from,
    isStricterLapsed: from !== null && lapsed !== null && lapsed.value.lessThan(from.value),
    told,
  };
}

function smallest(told: readonly ToldLimit[]): Usable | null {
  let found: Usable | null = null;
  for (const one of told) {
    if (isUsable(one) && (!found || one.value.lessThan(found.value))) found = one;
  }
  return found;
}

const isUsable = (told: ToldLimit): told is Usable => told.value !== null;

function isLapsed(told: ToldLimit, oldest: Micros): boolean {
  return told.value !== null && told.readAt !== null && told.readAt < oldest;
}

function aged(told: ToldLimit, oldest: Micros): ToldLimit {
  return isLapsed(told, oldest) ? { ...told, value: null, reason: 'too_old' } : told;
}

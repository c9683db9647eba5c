import type { Micros } from '../../ledger/facts.js';
import type { Decimal } from '../../shared/decimal.js';
import type { LimitName } from './limit.js';
import type { ToldLimit } from './told-limit.js';

/** The limit that counts, of all that were told. */
export interface StandingLimit {
  /** null = unknown, and `reason` says why. */
  readonly value: Decimal | null;
  readonly reason: string | null;
  /** Who told the value that counts; null = nobody. */
  readonly from: ToldLimit | null;
  /** Everything that was told of it, the unusable too, with its reason. */
  readonly told: readonly ToldLimit[];
}

/**
 * The strictest of what was told of a limit and is not older than `oldest` counts: of several guards the first one to stop is what holds.
 * Unknown when nobody told it (`not_set`), or nothing of it can be used (the reason of the first).
 */
export function strictest(
  all: Iterable<ToldLimit>,
  { limit, symbol, oldest }: { limit: LimitName; symbol: string | null; oldest: Micros },
): StandingLimit {
  const told = [...all]
    .filter((one) => one.limit === limit && (one.symbol === null || one.symbol === symbol))
    .map((one) => aged(one, oldest));
  let from: (ToldLimit & { value: Decimal }) | null = null;
  for (const one of told) {
    if (one.value && (!from || one.value.lessThan(from.value))) from = { ...one, value: one.value };
  }
  const reason = from ? null : (told[0]?.reason ?? 'not_set');
  return { value: from?.value ?? null, reason, from, told };
}

function aged(told: ToldLimit, oldest: Micros): ToldLimit {
  const isOld = told.value !== null && told.readAt !== null && told.readAt < oldest;
  return isOld ? { ...told, value: null, reason: 'too_old' } : told;
}

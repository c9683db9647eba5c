import type { Micros } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import type { LimitKind, LimitName, Unit } from './limit.js';
import { APPROACHING_FROM_PCT, LIMITS, LIMIT_KINDS } from './limit.js';
import type { RiskFigures, Use } from './risk-figures.js';
import { useOf } from './risk-figures.js';
import { roomInMoney } from './room.js';
import type { StandingLimit } from './strictest.js';
import { strictest } from './strictest.js';
import type { ToldLimit } from './told-limit.js';

export const LIMIT_STATES = ['ok', 'approaching', 'breached', 'unknown'] as const;
export type LimitState = (typeof LIMIT_STATES)[number];

/** One limit of an account, and how far it is used. */
export interface Assessment {
  readonly limit: LimitName;
  /** null = of the account; or one of every symbol while none is held. */
  readonly symbol: string | null;
  readonly unit: Unit;
  /** As it is at this moment, without hysteresis. */
  readonly state: LimitState;
  /** Why the state is unknown; else null. */
  readonly reason: string | null;
  readonly standing: StandingLimit;
  readonly use: Use;
  /** Used ÷ limit × 100; null when either is unknown, or the limit is 0. */
  readonly usedPct: Decimal | null;
  /** Limit − used in the limit's unit, negative beyond it; null when either is unknown. */
  readonly distance: Decimal | null;
  /** 100 − used_pct. */
  readonly distancePct: Decimal | null;
  /** See roomInMoney; null also when it is not known. */
  readonly distanceMoney: Decimal | null;
}

/** What accounts are held against. */
export interface Limits {
  readonly told: readonly ToldLimit[];
  /** What was told before this moment is too old. */
  readonly oldest: Micros;
}

/** Every limit of an account; those of symbols for each of `symbols`, or once for none. */
export function assessAll(limits: Limits, figures: RiskFigures, symbols: readonly string[]): Assessment[] {
  return LIMITS.flatMap((limit) => {
    const each = LIMIT_KINDS[limit].bySymbol && symbols.length > 0 ? symbols : [null];
    return each.map((symbol) => assess(limit, symbol, { limits, figures }));
  });
}

/** One limit of an account. */
export function assess(
  limit: LimitName,
  symbol: string | null,
  { limits, figures }: { limits: Limits; figures: RiskFigures },
): Assessment {
  const kind = LIMIT_KINDS[limit];
  const standing = strictest(limits.told, { limit, symbol, oldest: limits.oldest });
  const use = useOf(limit, symbol, figures);
  const common = { limit, symbol, unit: kind.unit, standing, use };
  const { value } = standing;
  if (!value || !use.value) {
    const nothing = { usedPct: null, distance: null, distancePct: null, distanceMoney: null };
    return { ...common, ...nothing, state: 'unknown', reason: standing.reason ?? use.reason };
  }
  const state = stateOf(kind, value, use.value);
  const usedPct = value.isZero() ? null : use.value.times(Decimal.HUNDRED).dividedBy(value);
  // A use that is at least so much can be beyond its limit for sure; within it can only seem to be.
  const isSure = use.reason === null || state === 'breached';
  return {
    ...common,
    state: isSure ? state : 'unknown',
    reason: isSure ? null : use.reason,
    usedPct,
    distance: value.minus(use.value),
    distancePct: usedPct && Decimal.HUNDRED.minus(usedPct),
    distanceMoney: use.reason === null ? roomInMoney(limit, value, { symbol, figures }) : null,
  };
}

/** Whether a use is beyond its limit: a limit of 0 is reached by anything, and not by nothing. */
export function isBeyond({ trips }: LimitKind, value: Decimal, used: Decimal): boolean {
  return used.greaterThan(value) || (trips === 'at' && used.equals(value) && used.isPositive());
}

function stateOf(kind: LimitKind, value: Decimal, used: Decimal): LimitState {
  if (isBeyond(kind, value, used)) return 'breached';
  return used.isPositive() && !isBelowShare(used, APPROACHING_FROM_PCT, value) ? 'approaching' : 'ok';
}

/** Whether less than `pct` percent of a limit is used. */
export function isBelowShare(used: Decimal, pct: Decimal, value: Decimal): boolean {
  return used.times(Decimal.HUNDRED).lessThan(value.times(pct));
}

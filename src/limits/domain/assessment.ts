import type { Micros } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import type { LimitKind, LimitName, Unit } from './limit.js';
import { APPROACHING_FROM_PCT, LIMITS, LIMIT_KINDS } from './limit.js';
import type { RiskFigures, Use } from './risk-figures.js';
import { useOf } from './risk-figures.js';
import { roomInMoney } from './room.js';
import type { StandingLimit } from './strictest.js';
import { strictest } from './strictest.js';
import type { ToldLimits } from './told-limits.js';

export const LIMIT_STATES = ['ok', 'approaching', 'breached', 'unknown'] as const;
export type LimitState = (typeof LIMIT_STATES)[number];

/** The reason of a state that only a looser limit would call well: the stricter one is too old to be used. */
export const STRICTER_TOO_OLD = 'stricter_too_old';

/** One limit of an account, and how it stands. */
export interface Judgement {
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
}

/** The same, with how far it is used. */
export interface Assessment extends Judgement {
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
  readonly told: ToldLimits;
  /** What was told before this moment is too old. */
  readonly oldest: Micros;
}

/** An account at one moment, and what it is held against. */
export interface Within {
  readonly limits: Limits;
  readonly figures: RiskFigures;
}

/** Every limit of an account; those of symbols for each of `symbols`, or once for none. */
export function assessAll(limits: Limits, figures: RiskFigures, symbols: readonly string[]): Assessment[] {
  return each(symbols, (limit, symbol) => assess(limit, symbol, { limits, figures }));
}

/** The same without distances, for who only wants to know which limit was crossed: nothing is measured that nobody limits. */
export function judgeAll(limits: Limits, figures: RiskFigures, symbols: readonly string[]): Judgement[] {
  return each(symbols, (limit, symbol) => judge(limit, symbol, { limits, figures }));
}

function each<T>(symbols: readonly string[], look: (limit: LimitName, symbol: string | null) => T): T[] {
  return LIMITS.flatMap((limit) => {
    const limited = LIMIT_KINDS[limit].bySymbol && symbols.length > 0 ? symbols : [null];
    return limited.map((symbol) => look(limit, symbol));
  });
}

/** One limit of an account, and how it stands. The use of a limit whose value is unknown is not looked at: it is null without a reason. */
export function judge(limit: LimitName, symbol: string | null, { limits, figures }: Within): Judgement {
  const kind = LIMIT_KINDS[limit];
  const standing = strictest(limits.told, { limit, symbol, oldest: limits.oldest });
  const { value } = standing;
  const use = value ? useOf(limit, symbol, figures) : { value: null, reason: null };
  const common = { limit, symbol, unit: kind.unit, standing, use };
  if (!value || !use.value) return { ...common, state: 'unknown', reason: standing.reason ?? use.reason };
  const state = stateOf(kind, value, use.value);
  const doubt = state === 'breached' ? null : doubtOf(standing, use);
  return { ...common, state: doubt === null ? state : 'unknown', reason: doubt };
}

/** One limit of an account, and how far it is used. */
export function assess(limit: LimitName, symbol: string | null, { limits, figures }: Within): Assessment {
  const judgement = judge(limit, symbol, { limits, figures });
  const { value } = judgement.standing;
  const use = value ? judgement.use : useOf(limit, symbol, figures);
  if (!value || !use.value) {
    return { ...judgement, use, usedPct: null, distance: null, distancePct: null, distanceMoney: null };
  }
  const usedPct = value.isZero() ? null : use.value.times(Decimal.HUNDRED).dividedBy(value);
  return {
    ...judgement,
    usedPct,
    distance: value.minus(use.value),
    distancePct: usedPct && Decimal.HUNDRED.minus(usedPct),
    distanceMoney: use.reason === null ? roomInMoney(limit, value, { symbol, figures }) : null,
  };
}

/**
 * Why nothing but a breach is sure: a use that is at least so much can be beyond its limit for sure, and within it can only seem to be; so
 * can one that is within a limit when a stricter one may hold.
 */
function doubtOf({ isStricterLapsed }: StandingLimit, { reason }: Use): string | null {
  return reason ?? (isStricterLapsed ? STRICTER_TOO_OLD : null);
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

import type { Decimal } from '../../shared/decimal.js';
import type { Judgement } from './assessment.js';
import { STRICTER_TOO_OLD, isBelowShare, isBeyond } from './assessment.js';
import { APPROACHING_FROM_PCT, APPROACH_ENDS_BELOW_PCT, LIMIT_KINDS } from './limit.js';
import { toldLimit } from './told-limit.js';

/** What was announced of a limit and is not over. */
export type Announced = 'approaching' | 'breached';

/** Which event a crossing is told by: `portfolio.limit_<event>`. */
export type CrossingEvent = 'approaching' | 'breached' | 'cleared';

/** What a limit's state becomes, and what is to be told of it; null = nothing. */
export interface Crossing {
  readonly after: Announced | null;
  readonly event: CrossingEvent | null;
  /** `limit_removed` = it was cleared because nobody sets it any more; else null. */
  readonly reason: string | null;
}

/**
 * One step of a limit from what was announced of it to what it is now. Each crossing is told once: a breach until less than 95 % of the
 * limit is used (counts: until it is within the limit), an approach from 80 % on, and again only after it fell below 76 %. What is unknown
 * changes nothing, also when a looser limit is still known: what was announced of a value that is too old now is over when that value
 * would say so. Only a limit that nobody sets any more ends.
 */
export function crossingOf(before: Announced | null, assessment: Judgement): Crossing {
  const same = { after: before, event: null, reason: null };
  // By the looser limit it is at least so near: upwards that is sure.
  if (assessment.state === 'unknown' && assessment.reason !== STRICTER_TOO_OLD) {
    if (assessment.standing.reason !== 'not_set') return same;
    const event = before === 'breached' ? 'cleared' : null;
    return { after: null, event, reason: event && 'limit_removed' };
  }
  const now = levelOf(before, assessment, assessment.standing.value!);
  if (now === before || isHeld(before, now, assessment)) return same;
  return { after: now, event: eventOf(before, now), reason: null };
}

const rankOf = (level: Announced | null) => (level === null ? 0 : level === 'approaching' ? 1 : 2);

/** Whether a source that went away would still hold what was announced. */
function isHeld(before: Announced | null, now: Announced | null, assessment: Judgement): boolean {
  if (rankOf(now) > rankOf(before)) return false;
  const lapsed = assessment.standing.told.filter(({ reason }) => reason === 'too_old');
  return lapsed.some((one) => rankOf(levelOf(before, assessment, toldLimit(one).value!)) >= rankOf(before));
}

function levelOf(
  before: Announced | null,
  { limit, use }: Pick<Judgement, 'limit' | 'use'>,
  value: Decimal,
): Announced | null {
  const kind = LIMIT_KINDS[limit];
  const used = use.value!;
  if (isBeyond(kind, value, used)) return 'breached';
  if (!used.isPositive()) return null;
  const { clearsBelowPct } = kind;
  if (before === 'breached' && clearsBelowPct && !isBelowShare(used, clearsBelowPct, value))
    return 'breached';
  const from = before === null ? APPROACHING_FROM_PCT : APPROACH_ENDS_BELOW_PCT;
  return !isBelowShare(used, from, value) ? 'approaching' : null;
}

/** On the way down only the end of a breach is worth telling; an approach that is over just may come again. */
function eventOf(before: Announced | null, now: Announced | null): CrossingEvent | null {
  if (now === 'breached') return 'breached';
  if (before === 'breached') return 'cleared';
  return now === 'approaching' ? 'approaching' : null;
}

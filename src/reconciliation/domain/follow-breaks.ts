import type { Micros } from '../../ledger/facts.js';
import type { Decimal } from '../../shared/decimal.js';
import { MICROS_PER_SECOND } from '../../shared/periods.js';
import type { Break, FollowedBreak } from './break.js';
import { breakKey } from './break.js';
import { severityOf } from './severity.js';

/** One look at a report: what differed in it, of what it can judge. */
export interface Look {
  readonly at: Micros;
  readonly found: readonly Break[];
  /** Whether the report says anything about what this break is about; only then its absence heals it. */
  readonly judges: (open: FollowedBreak) => boolean;
  readonly equity: Decimal;
}

/** The breaks that change with a report: new ones, those seen again, and those that are gone. */
export function followBreaks(open: readonly FollowedBreak[], look: Look): FollowedBreak[] {
  const known = new Map(open.map((one) => [breakKey(one), one]));
  const seen = look.found.map((found) => seenIn(look, found, known.get(breakKey(found)) ?? null));
  const again = new Set(seen.map(breakKey));
  const gone = open.filter((one) => !again.has(breakKey(one)) && look.judges(one));
  return [...seen, ...gone.map((one): FollowedBreak => ({ ...one, closedAt: look.at, ended: 'healed' }))];
}

function seenIn({ at, equity }: Look, found: Break, known: FollowedBreak | null): FollowedBreak {
  const isAnother = known !== null && at > known.lastSeenAt;
  return {
    ...found,
    severity: severityOf(found, equity),
    openedAt: known?.openedAt ?? at,
    lastSeenAt: Math.max(known?.lastSeenAt ?? at, at),
    reports: known ? known.reports + (isAnother ? 1 : 0) : 1,
    closedAt: null,
    ended: null,
    version: null,
  };
}

/** Whether a break lasted long enough to be no mere delay of a message: the grace, over at least two reports. */
export function isRipe({ openedAt, lastSeenAt, reports }: FollowedBreak, graceSec: number): boolean {
  return reports >= 2 && lastSeenAt - openedAt >= graceSec * MICROS_PER_SECOND;
}

import type { Acceptance } from '../../ledger/unit.js';
import type { TradeRow } from './read-row.js';
import type { Remark } from './row-facts.js';

/**
 * What became of a row. `taken`: it told something new. `supplemented`: it added what was not known. `known`: all of it was there. `nothing`:
 * a trade that never came to be. `foreign`: no trade at all. `conflict`: the same store told it differently before. `refused`: it cannot be
 * booked.
 */
export type RowOutcome = 'taken' | 'supplemented' | 'known' | 'nothing' | 'foreign' | 'conflict' | 'refused';

export interface RowResult {
  readonly key: string;
  readonly outcome: RowOutcome;
  /** Why, or `source_differs` when somebody else told it otherwise; a stable code, null when there is nothing to say. */
  readonly code: string | null;
  readonly message: string | null;
  /** The accepted fact that it contradicts; null when it contradicts none. */
  readonly version: number | null;
  readonly remarks: readonly Remark[];
}

/** A row that told something, and all of it for the first time. */
export function takenWhole({ row: { key }, remarks }: TradeRow): RowResult {
  return { key, outcome: 'taken', code: null, message: null, version: null, remarks };
}

/** A row of which all is in the ledger. */
export function knownBefore({ row: { key }, remarks }: TradeRow): RowResult {
  return { key, outcome: 'known', code: null, message: null, version: null, remarks };
}

/** What two acceptances, of a row's open and of its close, mean for the row. */
export function outcomeOf(acceptances: readonly Acceptance[]): RowOutcome {
  const outcomes = acceptances.map(({ outcome }) => outcome);
  if (outcomes.includes('conflict')) return 'conflict';
  if (outcomes.includes('accepted')) return 'taken';
  return outcomes.includes('supplement') ? 'supplemented' : 'known';
}

/** What does not fit between a row and what was accepted before. */
export function objectionOf(
  acceptances: readonly Acceptance[],
): Pick<RowResult, 'code' | 'message' | 'version'> {
  for (const one of acceptances) {
    if (one.outcome !== 'conflict') continue;
    const { firstVersion: version } = one;
    return { code: 'conflict', message: `contradicts the fact of version ${version}`, version };
  }
  for (const one of acceptances) {
    if (one.outcome !== 'duplicate' || !one.differs) continue;
    const { firstVersion: version } = one;
    return { code: 'source_differs', message: `another source told version ${version} differently`, version };
  }
  return { code: null, message: null, version: null };
}

import { decodeFact } from '../ledger/fact-codec.js';
import type { Fact, LedgerEntry, TradeCorrected } from '../ledger/facts.js';
import { contentHash, keysOf, supplemented } from '../ledger/identity.js';

/** A symbol's facts as they count: supplements merged in, voided ones left out, replaced ones replaced. */
export interface Corrected {
  readonly entries: readonly LedgerEntry[];
  /** Corrections that name a fact which is not there yet. */
  readonly awaited: readonly LedgerEntry<TradeCorrected>[];
}

/** Applies a symbol's corrections to its facts. Of several corrections of one fact the latest counts. */
export function applyCorrections(entries: readonly LedgerEntry[]): Corrected {
  const corrections = latestByKey(entries);
  if (corrections.size === 0) return { entries: mergeExecutions(entries), awaited: [] };
  const found = new Set<string>();
  // What supplemented an open goes with it: its replacement stands for all that was told of it.
  const corrected = new Set<string>();
  const counted = mergeExecutions(entries).flatMap((entry) => {
    if (entry.fact.kind === 'trade.corrected') return [];
    const own = keysOf(entry.fact);
    const keys = [...own, `version:${entry.version}`].filter((name) => corrections.has(name));
    for (const key of keys) found.add(key);
    if (entry.role === 'supplement' && corrected.has(own.at(-1)!)) return [];
    const latest = keys
      .map((key) => corrections.get(key)!)
      .sort(byTime)
      .at(-1);
    if (!latest) return [entry];
    if (entry.role === 'fact') corrected.add(own.at(-1)!);
    return correctedBy(latest.fact, entry);
  });
  const awaited = [...corrections].filter(([key]) => !found.has(key)).map(([, correction]) => correction);
  return { entries: counted, awaited: awaited.sort(byTime) };
}

/** The fact as a correction leaves it: none when it is void, and at its own time when the replacement tells no other. */
function correctedBy({ replacement, source }: TradeCorrected, entry: LedgerEntry): LedgerEntry[] {
  if (replacement === null) return [];
  const fact = decodeFact(replacement, { accountId: entry.fact.accountId, source });
  if (fact.kind !== entry.fact.kind) return [entry];
  return [{ ...entry, fact: fact.timeFrom ? { ...fact, occurredAt: entry.fact.occurredAt } : fact }];
}

type Correction = LedgerEntry<TradeCorrected>;

function latestByKey(entries: readonly LedgerEntry[]): Map<string, Correction> {
  const corrections = entries.flatMap((entry) =>
    entry.fact.kind === 'trade.corrected' ? [{ ...entry, fact: entry.fact }] : [],
  );
  return new Map(corrections.sort(byTime).map((correction) => [correction.fact.corrects, correction]));
}

function byTime({ fact: a }: Correction, { fact: b }: Correction): number {
  return a.occurredAt - b.occurredAt || (contentHash(a) < contentHash(b) ? -1 : 1);
}

/** Executions told in several messages are one fact each; opens are merged by the fold itself, which needs their parts. */
function mergeExecutions(entries: readonly LedgerEntry[]): LedgerEntry<Fact>[] {
  const firsts = new Map<string, number>();
  const merged: LedgerEntry<Fact>[] = [];
  for (const entry of entries) {
    const key = entry.fact.kind === 'order.executed' ? keysOf(entry.fact).at(-1)! : null;
    const at = key === null ? undefined : firsts.get(key);
    if (at !== undefined && entry.role === 'supplement') {
      merged[at] = { ...merged[at]!, fact: supplemented(merged[at]!.fact, entry.fact) };
      continue;
    }
    if (key !== null) firsts.set(key, merged.length);
    merged.push(entry);
  }
  return merged;
}

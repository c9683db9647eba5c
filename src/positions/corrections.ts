import { decodeFact } from '../ledger/fact-codec.js';
import type { Fact, LedgerEntry, TradeCorrected } from '../ledger/facts.js';
import { contentHash, keysOf, supplemented } from '../ledger/identity.js';

/** A symbol's facts as they count: supplements merged in, voided ones left out, replaced ones replaced. */
export interface Corrected {
  readonly entries: readonly LedgerEntry[];
  /** Keys that a correction names and no fact has yet. */
  readonly awaited: readonly string[];
}

/** Applies a symbol's corrections to its facts. Of several corrections of one fact the latest counts. */
export function applyCorrections(entries: readonly LedgerEntry[]): Corrected {
  const corrections = effective(entries);
  const found = new Set<string>();
  // What supplemented an open goes with it: its replacement stands for all that was told of it.
  const corrected = new Set<string>();
  const counted = mergeExecutions(entries).flatMap((entry) => {
    if (entry.fact.kind === 'trade.corrected') return [];
    const keys = keysOf(entry.fact);
    const key = [...keys, `version:${entry.version}`].find((name) => corrections.has(name));
    if (key === undefined) return entry.role === 'supplement' && corrected.has(keys.at(-1)!) ? [] : [entry];
    found.add(key);
    if (entry.role === 'fact') corrected.add(keys.at(-1)!);
    const { replacement } = corrections.get(key)!;
    if (replacement === null) return [];
    const fact = decodeFact(replacement, { accountId: entry.fact.accountId });
    return fact.kind === entry.fact.kind ? [{ ...entry, fact }] : [entry];
  });
  return { entries: counted, awaited: [...corrections.keys()].filter((key) => !found.has(key)).sort() };
}

function effective(entries: readonly LedgerEntry[]): Map<string, TradeCorrected> {
  const corrections = entries.flatMap(({ fact }) => (fact.kind === 'trade.corrected' ? [fact] : []));
  corrections.sort((a, b) => a.occurredAt - b.occurredAt || (contentHash(a) < contentHash(b) ? -1 : 1));
  return new Map(corrections.map((correction) => [correction.corrects, correction]));
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

import type { Transaction } from '../database/database.js';
import type { Fact, LedgerEntry } from './facts.js';
import { keysOf, supplemented } from './identity.js';
import type { Place } from './ledger-store.js';
import { findEntries, findSupplements } from './ledger-store.js';

/** The name of a place in the ledger. */
export const placeOf = ({ accountId, version }: Place) => `${accountId} ${version}`;

/**
 * The facts at these places of the ledger, each with what supplemented it since: a later message is held against all that is known. By
 * `placeOf`. In two statements however many they are, because producers that were told of a gap send everything again.
 */
export async function knownEntries(
  tx: Transaction,
  places: readonly Place[],
): Promise<ReadonlyMap<string, LedgerEntry>> {
  const asked = [...new Map(places.map((place) => [placeOf(place), place])).values()];
  const known = new Map<string, LedgerEntry>();
  for (const entry of await findEntries(tx, asked))
    known.set(placeOf({ accountId: entry.fact.accountId, version: entry.version }), entry);
  const open = [...known].filter(([, { fact }]) => canBeSupplemented(fact));
  const holders = open.map(([, { fact }]) => ({ accountId: fact.accountId, key: keysOf(fact).at(-1)! }));
  for (const { of, entry } of await findSupplements(tx, holders)) {
    const [place] = open[of]!;
    const before = known.get(place)!;
    known.set(place, { ...before, fact: supplemented(before.fact, entry.fact) });
  }
  return known;
}

const canBeSupplemented = ({ kind }: Fact) => kind === 'trade.opened' || kind === 'order.executed';

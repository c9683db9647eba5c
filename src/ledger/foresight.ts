import type { Transaction } from '../database/database.js';
import type { Fact, LedgerEntry } from './facts.js';
import { knownBy } from './identity.js';
import { knownEntries } from './known-entries.js';
import type { ClaimedKey } from './ledger-store.js';
import { findKeys } from './ledger-store.js';
import { ordersToldTwice } from './told-twice.js';

/** What the ledger knows of facts before they are accepted. */
export interface Foresight {
  readonly keys: readonly ClaimedKey[];
  /** What holds those keys, see knownEntries. */
  readonly entries: ReadonlyMap<string, LedgerEntry>;
  /** Orders that are told both as a whole and fill by fill. */
  readonly toldTwice: ReadonlySet<string>;
}

/** Looks up, in one statement each, which keys of these facts are taken, what holds them, and what is told of their orders. */
export async function foresee(tx: Transaction, facts: readonly Fact[]): Promise<Foresight> {
  const asked = facts.flatMap((fact) => knownBy(fact).map((key) => [fact.accountId, key] as const));
  const [keys, toldTwice] = await Promise.all([
    findKeys(
      tx,
      asked.map(([accountId]) => accountId),
      asked.map(([, key]) => key),
    ),
    ordersToldTwice(tx, facts),
  ]);
  return { keys, entries: await knownEntries(tx, keys), toldTwice };
}

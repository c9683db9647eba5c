import type { Transaction } from '../database/database.js';

/** A staged state on its way into the database. */
export interface Staged<State> {
  readonly accountId: string;
  readonly state: State;
  /** Rows that the state calls new surely are: they may be appended without looking for them. */
  readonly inBulk?: boolean;
}

/**
 * What one module knows of an account: a state in memory and rows that say the same. `State` is committed and shared with readers;
 * a unit of work changes only its own `fork` of it, which takes the place of the committed one after COMMIT.
 */
export interface Projection<State> {
  readonly name: string;
  /** Tables that a rebuild empties and fills again, in the order of their digests. */
  readonly tables: readonly string[];
  /** The committed state of each of these accounts, empty where there are no rows. As many statements for a thousand accounts as for one. */
  load(tx: Transaction, accountIds: readonly string[]): Promise<ReadonlyMap<string, State>>;
  /** A copy that can be changed without the original noticing. */
  fork(state: State): State;
  /** Writes what changed since the fork (or since the last write) in a few multi-row statements. */
  write(tx: Transaction, staged: readonly Staged<State>[]): Promise<void>;
  /**
   * A committed state in lines of name and value, of what the rows say and neither the clock nor a mark: two states of one version say
   * the same. Without it the state in memory is not held against the database.
   */
  describe?(state: State): ReadonlyMap<string, string>;
}

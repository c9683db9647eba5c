import type { Transaction } from '../database/database.js';
import type { Projection } from './projection.js';

/** Everything known of one account at one version: one state for each projection. */
export class Account {
  private readonly states = new Map<Projection<unknown>, unknown>();

  constructor(
    readonly accountId: string,
    public version: number,
    /** How many repairs of its projections this state has seen. */
    readonly repairs = 0,
  ) {}

  static async load(
    tx: Transaction,
    accountId: string,
    version: number,
    projections: readonly Projection<unknown>[],
    repairs = 0,
  ): Promise<Account> {
    const account = new Account(accountId, version, repairs);
    for (const projection of projections)
      account.states.set(projection, await projection.load(tx, accountId));
    return account;
  }

  /** This module's state of the account. Throws when the projection is not registered. */
  of<State>(projection: Projection<State>): State {
    const state = this.states.get(projection);
    if (state === undefined) throw new Error(`projection ${projection.name} is not registered`);
    return state as State;
  }

  /** A copy to stage changes in; nobody but the unit of work sees it until it is committed. */
  fork(): Account {
    const copy = new Account(this.accountId, this.version, this.repairs);
    for (const [projection, state] of this.states) copy.states.set(projection, projection.fork(state));
    return copy;
  }
}

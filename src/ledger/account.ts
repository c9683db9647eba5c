import type { Transaction } from '../database/database.js';
import type { Projection } from './projection.js';

/** An account as its row says it is. */
export interface AccountVersion {
  readonly accountId: string;
  readonly version: number;
  /** How many repairs of its projections there were. */
  readonly repairs: number;
}

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
    row: AccountVersion,
    projections: readonly Projection<unknown>[],
  ): Promise<Account> {
    const [account] = await Account.loadAll(tx, [row], projections);
    return account!;
  }

  /** Accounts in the order of their rows, which the transaction must see as they are. */
  static async loadAll(
    tx: Transaction,
    rows: readonly AccountVersion[],
    projections: readonly Projection<unknown>[],
  ): Promise<Account[]> {
    const accounts = rows.map(({ accountId, version, repairs }) => new Account(accountId, version, repairs));
    const accountIds = rows.map(({ accountId }) => accountId);
    for (const projection of rows.length > 0 ? projections : []) {
      const states = await projection.load(tx, accountIds);
      for (const account of accounts) account.states.set(projection, states.get(account.accountId));
    }
    return accounts;
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

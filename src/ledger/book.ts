import { Injectable } from '@nestjs/common';
import type { Account } from './account.js';
import type { Projection } from './projection.js';

/** Told after an account took a new committed state. Must not throw. */
export type AccountListener = (account: Account, before: Account | undefined) => void;

/** The committed accounts in memory: what reads answer from and what units of work start from. */
@Injectable()
export class Book {
  readonly projections: Projection<unknown>[] = [];
  private readonly accounts = new Map<string, Account>();
  private readonly listeners: AccountListener[] = [];

  /** Called once by each module at start, lower modules first: states are loaded and written in this order. */
  register<State>(projection: Projection<State>): void {
    this.projections.push(projection);
  }

  onChange(listener: AccountListener): void {
    this.listeners.push(listener);
  }

  find(accountId: string): Account | undefined {
    return this.accounts.get(accountId);
  }

  all(): IterableIterator<Account> {
    return this.accounts.values();
  }

  put(account: Account): void {
    const before = this.accounts.get(account.accountId);
    this.accounts.set(account.accountId, account);
    for (const listener of this.listeners) listener(account, before);
  }
}

import { Injectable } from '@nestjs/common';
import { Clock } from '../shared/clock.js';
import type { Account } from './account.js';
import { Book } from './book.js';

/** Nobody here has an account of that name. */
export class UnknownAccountError extends Error {
  constructor(readonly accountId: string) {
    super(`no account ${accountId}`);
  }
}

/** Where queries find the committed state of an account, and the moment they answer for. */
@Injectable()
export class AccountReader {
  constructor(
    private readonly book: Book,
    private readonly clock: Clock,
  ) {}

  /** Throws UnknownAccountError. */
  read(accountId: string): Account {
    const account = this.book.find(accountId);
    if (!account) throw new UnknownAccountError(accountId);
    return account;
  }

  now(): number {
    return this.clock.now();
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/database.js';
import { Database } from '../database/database.js';
import { TransientError } from '../shared/errors.js';
import type { Account } from './account.js';
import { AccountReader } from './account-reader.js';

/** A replica follows another's commits about once a second. */
const ATTEMPTS = 100;
const PAUSE_MS = 30;

/** The rows and the book of an account at one committed version, together. */
@Injectable()
export class Committed {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountReader,
  ) {}

  /**
   * Runs `work` with one snapshot of the database and the account of the book that has its version; begins anew while the two are apart,
   * as they are between a COMMIT and the book's hearing of it. Ticks move the book meanwhile: what depends on them is to be taken before
   * the first await. Throws UnknownAccountError, and TransientError when the versions never meet.
   */
  async read<T>(accountId: string, work: (tx: Transaction, account: Account) => Promise<T>): Promise<T> {
    this.accounts.read(accountId);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const found = await this.database.transaction((tx) => this.attempt(tx, accountId, work));
      if (found) return found.answer;
      await pause(PAUSE_MS);
    }
    throw new TransientError(`account ${accountId} moved on faster than it could be read`);
  }

  private async attempt<T>(
    tx: Transaction,
    accountId: string,
    work: (tx: Transaction, account: Account) => Promise<T>,
  ): Promise<{ readonly answer: T } | null> {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const [row] = await tx.query<{ version: string }>(
      'SELECT version::text FROM accounts WHERE account_id = $1',
      [accountId],
    );
    const account = this.accounts.read(accountId);
    if (account.version !== Number(row?.version ?? 0)) return null;
    return { answer: await work(tx, account) };
  }
}

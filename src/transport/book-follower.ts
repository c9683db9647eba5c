import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { Account } from '../ledger/account.js';
import { Book } from '../ledger/book.js';

/** How far back changes are asked for: a commit may become visible a while after the time it carries. */
const OVERLAP_SECONDS = 60;

/** Keeps the book fresh when other replicas commit: follows the accounts' versions and loads anew what moved on. */
@Injectable()
export class BookFollower {
  private since: string | null = null;

  constructor(
    private readonly database: Database,
    private readonly book: Book,
  ) {}

  /** Loads every account into the book, at start; an account `main` is there even before its first fact. */
  async loadAll(): Promise<void> {
    await this.follow();
    if (!this.book.find('main')) await this.load('main');
  }

  /** Loads what changed since the last time and is newer in the database than in the book. */
  async follow(): Promise<void> {
    const [moment] = await this.database.query<{ now: string }>('SELECT clock_timestamp()::text AS now');
    const rows = await this.database.query<{ account_id: string; version: string }>(
      `SELECT account_id, version::text FROM accounts
       WHERE $1::timestamptz IS NULL OR changed_at > $1::timestamptz - make_interval(secs => ${OVERLAP_SECONDS})`,
      [this.since],
    );
    for (const { account_id: accountId, version } of rows) {
      const known = this.book.find(accountId);
      if (!known || known.version < Number(version)) await this.load(accountId);
    }
    this.since = moment!.now;
  }

  /** Version and states are read in one snapshot; a unit of work that commits meanwhile is newer and stays. */
  private async load(accountId: string): Promise<void> {
    const account = await this.database.transaction(async (tx) => {
      await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      const [row] = await tx.query<{ version: string }>(
        'SELECT version::text FROM accounts WHERE account_id = $1',
        [accountId],
      );
      return Account.load(tx, accountId, Number(row?.version ?? 0), this.book.projections);
    });
    const known = this.book.find(accountId);
    if (!known || known.version < account.version) this.book.put(account);
  }
}

import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { Account } from '../ledger/account.js';
import { Book } from '../ledger/book.js';
import { ServiceWarnings } from '../portfolio/warnings.js';
import { Standings } from '../reconciliation/queries/standings.js';

/** How far back changes are asked for: a commit may become visible a while after the time it carries. */
const OVERLAP_SECONDS = 60;

/** Keeps the book fresh when other replicas commit: follows the accounts' versions and loads anew what moved on. */
@Injectable()
export class BookFollower {
  private since: string | null = null;

  constructor(
    private readonly database: Database,
    private readonly book: Book,
    private readonly standings: Standings,
    private readonly warnings: ServiceWarnings,
  ) {}

  /** Loads every account into the book, at start; an account `main` is there even before its first fact. */
  async loadAll(): Promise<void> {
    await this.follow();
    if (!this.book.find('main')) await this.load('main');
  }

  /** Loads what changed since the last time and is newer in the database than in the book. */
  async follow(): Promise<void> {
    const [moment] = await this.database.query<{ now: string }>('SELECT clock_timestamp()::text AS now');
    const rows = await this.database.query<Record<'account_id' | 'version' | 'repairs', string>>(
      `SELECT account_id, version::text, repairs::text FROM accounts
       WHERE $1::timestamptz IS NULL OR changed_at > $1::timestamptz - make_interval(secs => ${OVERLAP_SECONDS})`,
      [this.since],
    );
    for (const { account_id: accountId, version, repairs } of rows) {
      const known = this.book.find(accountId);
      if (!known || isNewer({ version: Number(version), repairs: Number(repairs) }, known))
        await this.load(accountId);
    }
    this.since = moment!.now;
    await this.standings.follow();
    this.warnings.heard('accounts');
  }

  /** Version and states are read in one snapshot; a unit of work that commits meanwhile is newer and stays. */
  private async load(accountId: string): Promise<void> {
    const account = await this.database.transaction(async (tx) => {
      await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      const [row] = await tx.query<{ version: string; repairs: string }>(
        'SELECT version::text, repairs::text FROM accounts WHERE account_id = $1',
        [accountId],
      );
      const [version, repairs] = [Number(row?.version ?? 0), Number(row?.repairs ?? 0)];
      return Account.load(tx, accountId, version, this.book.projections, repairs);
    });
    const known = this.book.find(accountId);
    if (!known || isNewer(account, known)) this.book.put(account);
  }
}

/** Newer by a fact, or of the same facts with projections that were repaired since. */
function isNewer(one: Pick<Account, 'version' | 'repairs'>, other: Account): boolean {
  return one.version > other.version || (one.version === other.version && one.repairs > other.repairs);
}

import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/database.js';
import { Database } from '../database/database.js';
import type { AccountVersion } from '../ledger/account.js';
import { Account } from '../ledger/account.js';
import { Book } from '../ledger/book.js';
import { ServiceWarnings } from '../portfolio/warnings.js';
import { Standings } from '../reconciliation/queries/standings.js';

/** How far back changes are asked for: a commit may become visible a while after the time it carries. */
const OVERLAP_SECONDS = 60;
/** Accounts that are read together: enough that their number no longer counts in statements, few enough that others get a turn. */
const AT_ONCE = 500;

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
    if (!this.book.find('main')) await this.load(['main']);
  }

  /** Loads what changed since the last time and is newer in the database than in the book. */
  async follow(): Promise<void> {
    const [moment] = await this.database.query<{ now: string }>('SELECT clock_timestamp()::text AS now');
    const rows = await accountsWhere(
      this.database,
      `$1::timestamptz IS NULL OR changed_at > $1::timestamptz - make_interval(secs => ${OVERLAP_SECONDS})`,
      [this.since],
    );
    const newer = rows.filter((row) => this.isNews(row)).map(({ accountId }) => accountId);
    for (let i = 0; i < newer.length; i += AT_ONCE) await this.load(newer.slice(i, i + AT_ONCE));
    this.since = moment!.now;
    await this.standings.follow();
    this.warnings.heard('accounts');
  }

  /** Versions and states are read in one snapshot; a unit of work that commits meanwhile is newer and stays. */
  private async load(accountIds: readonly string[]): Promise<void> {
    const accounts = await this.database.transaction(async (tx) => {
      await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      const rows = await accountsWhere(tx, 'account_id = ANY($1)', [accountIds]);
      const found = new Map(rows.map((row) => [row.accountId, row]));
      const all = accountIds.map(
        (accountId) => found.get(accountId) ?? { accountId, version: 0, repairs: 0 },
      );
      return Account.loadAll(tx, all, this.book.projections);
    });
    for (const account of accounts) if (this.isNews(account)) this.book.put(account);
  }

  /** Newer by a fact, or of the same facts with projections that were repaired since. */
  private isNews({ accountId, version, repairs }: AccountVersion): boolean {
    const known = this.book.find(accountId);
    if (!known) return true;
    return version > known.version || (version === known.version && repairs > known.repairs);
  }
}

async function accountsWhere(
  database: Pick<Transaction, 'query'>,
  condition: string,
  values: unknown[],
): Promise<AccountVersion[]> {
  const rows = await database.query<Record<'account_id' | 'version' | 'repairs', string>>(
    `SELECT account_id, version::text, repairs::text FROM accounts WHERE ${condition}`,
    values,
  );
  return rows.map(({ account_id: accountId, version, repairs }) => ({
    accountId,
    version: Number(version),
    repairs: Number(repairs),
  }));
}

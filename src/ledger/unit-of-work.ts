import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../config.js';
import { CONFIG } from '../config.js';
import type { Transaction } from '../database/database.js';
import { Database } from '../database/database.js';
import { Clock } from '../shared/clock.js';
import type { AccountVersion } from './account.js';
import { Account } from './account.js';
import { Book } from './book.js';
import type { Fact } from './facts.js';
import type { Foresight } from './foresight.js';
import { foresee } from './foresight.js';
import { Patience } from './patience.js';
import { Unit } from './unit.js';

/** What a unit of work is opened for. */
export interface Opening {
  /** Facts that will be offered to `Unit.accept`, so that their keys can be looked up at once. */
  readonly facts: readonly Fact[];
  /** Further accounts to lock. */
  readonly accountIds?: readonly string[];
}

/** Runs inside the transaction after projections were written and before COMMIT, e.g. to fill the outbox. */
export type BeforeCommit = (unit: Unit, previousVersions: ReadonlyMap<string, number>) => Promise<void>;

/**
 * One transaction for a batch: lock the accounts, decide which facts are new, let the handlers stage, write, COMMIT, and only
 * then let the staged accounts take the place of the committed ones in the book. One at a time in a process; between processes the
 * lock on the account row decides, and its version tells whether the book is current.
 */
@Injectable()
export class UnitOfWork {
  private readonly beforeCommit: BeforeCommit[] = [];
  private readonly patience: Patience;
  private tail: Promise<unknown> = Promise.resolve();
  /**
   * The one that is open. Units run one after another and only their own commands ask for it, so that no AsyncLocalStorage is needed, which
   * would slow every promise of the process.
   */
  private open: Unit | null = null;

  constructor(
    private readonly database: Database,
    private readonly book: Book,
    private readonly clock: Clock,
    @Inject(CONFIG) config: Config,
  ) {
    this.patience = new Patience(config.DATABASE_STATEMENT_TIMEOUT_MS);
  }

  /** The unit of the batch being handled. Throws when called outside of `run`. */
  current(): Unit {
    if (!this.open) throw new Error('no unit of work is open here');
    return this.open;
  }

  onBeforeCommit(hook: BeforeCommit): void {
    this.beforeCommit.push(hook);
  }

  /** Runs `work` with one unit and commits. When anything throws, nothing of it ever happened. */
  run<T>(opening: Opening, work: (unit: Unit) => Promise<T>): Promise<T> {
    const result = this.tail.then(() => this.runPatiently(opening, work));
    this.tail = result.catch(() => undefined);
    return result;
  }

  /** Writes all that was staged so far, so that the database can be asked about it inside the unit. */
  async writeStaged(unit: Unit): Promise<void> {
    await unit.write();
    for (const projection of this.book.projections) {
      const staged = [...unit.changed].map((account) => ({
        accountId: account.accountId,
        state: account.of(projection),
        inBulk: unit.inBulk,
      }));
      if (staged.length > 0) await projection.write(unit.tx, staged);
    }
  }

  private async runPatiently<T>(opening: Opening, work: (unit: Unit) => Promise<T>): Promise<T> {
    const accountIds = accountsOf(opening);
    const since = performance.now();
    try {
      const result = await this.runAlone(opening, work, this.patience.for(accountIds));
      this.patience.succeeded(accountIds);
      return result;
    } catch (error) {
      this.patience.failed(accountIds, error, performance.now() - since);
      throw error;
    }
  }

  private async runAlone<T>(
    opening: Opening,
    work: (unit: Unit) => Promise<T>,
    statementMs: number | null,
  ): Promise<T> {
    const changed: Account[] = [];
    const onCommitted: (() => void)[] = [];
    const result = await this.database.transaction(async (tx) => {
      const { locked, foresight } = await lockAndForesee(tx, opening);
      const versions = new Map(locked.map(({ accountId, version }) => [accountId, version]));
      const accounts = await this.forkAccounts(tx, locked);
      const unit = new Unit(tx, this.clock.now(), accounts);
      unit.expect(foresight);
      const outcome = await this.inside(unit, work);
      await this.writeStaged(unit);
      for (const hook of this.beforeCommit) await hook(unit, versions);
      await saveVersions(tx, unit, versions);
      changed.push(...unit.changed);
      onCommitted.push(...unit.onCommitted);
      return outcome;
    }, statementMs);
    for (const tell of onCommitted) tell();
    for (const account of changed) this.book.put(account);
    return result;
  }

  private async inside<T>(unit: Unit, work: (unit: Unit) => Promise<T>): Promise<T> {
    this.open = unit;
    try {
      return await work(unit);
    } finally {
      this.open = null;
    }
  }

  private async forkAccounts(
    tx: Transaction,
    locked: readonly AccountVersion[],
  ): Promise<Map<string, Account>> {
    const outdated = locked.filter((row) => !this.isCurrent(row));
    const loaded = await Account.loadAll(tx, outdated, this.book.projections);
    for (const account of loaded) if (account.version > 0) this.book.put(account);
    const fresh = new Map(loaded.map((account) => [account.accountId, account]));
    return new Map(
      locked.map(({ accountId }) => [accountId, (fresh.get(accountId) ?? this.book.find(accountId)!).fork()]),
    );
  }

  private isCurrent({ accountId, version, repairs }: AccountVersion): boolean {
    const known = this.book.find(accountId);
    return known?.version === version && known.repairs === repairs;
  }
}

function accountsOf(opening: Opening): string[] {
  return [...new Set([...opening.facts.map((fact) => fact.accountId), ...(opening.accountIds ?? [])])].sort();
}

/** Locks the accounts and, in the same breath but behind the locks, looks up what the ledger knows of the facts. */
async function lockAndForesee(
  tx: Transaction,
  opening: Opening,
): Promise<{ locked: AccountVersion[]; foresight: Foresight }> {
  const accountIds = accountsOf(opening);
  const look = () => Promise.all([lockAccounts(tx, accountIds), foresee(tx, opening.facts)]);
  let [locked, foresight] = await look();
  if (locked.length < accountIds.length) {
    await tx.send({
      text: `INSERT INTO accounts (account_id) SELECT * FROM unnest($1::text[]) ORDER BY 1 ON CONFLICT DO NOTHING`,
      values: [accountIds],
    });
    // What was looked up without the lock of an account may be outdated by whoever made it.
    [locked, foresight] = await look();
  }
  return { locked, foresight };
}

/** Locks the account rows in one order everywhere, so that two replicas never wait for each other in a circle. */
async function lockAccounts(tx: Transaction, accountIds: string[]): Promise<AccountVersion[]> {
  if (accountIds.length === 0) return [];
  const rows = await tx.query<Record<'account_id' | 'version' | 'repairs', string>>({
    name: 'accounts-lock',
    text: `SELECT account_id, version::text, repairs::text FROM accounts
           WHERE account_id = ANY($1) ORDER BY account_id FOR UPDATE`,
    values: [accountIds],
  });
  return rows.map((row) => ({
    accountId: row.account_id,
    version: Number(row.version),
    repairs: Number(row.repairs),
  }));
}

/** An account comes into being with its first fact: a row that was only needed for its lock goes again. */
async function saveVersions(tx: Transaction, unit: Unit, before: ReadonlyMap<string, number>): Promise<void> {
  const changed = [...unit.changed];
  if (changed.length > 0) {
    await tx.send({
      name: 'accounts-save',
      text: `UPDATE accounts SET version = saved.version, changed_at = clock_timestamp()
             FROM unnest($1::text[], $2::bigint[]) AS saved(account_id, version) WHERE accounts.account_id = saved.account_id`,
      values: [changed.map((account) => account.accountId), changed.map((account) => account.version)],
    });
  }
  const empty = [...unit.allAccounts()].filter(
    (account) => before.get(account.accountId) === 0 && account.version === 0,
  );
  if (empty.length > 0) {
    await tx.query('DELETE FROM accounts WHERE account_id = ANY($1) AND version = 0', [
      empty.map((account) => account.accountId),
    ]);
  }
}

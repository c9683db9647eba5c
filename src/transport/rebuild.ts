import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../config.js';
import { CONFIG } from '../config.js';
import type { Transaction } from '../database/database.js';
import { Database } from '../database/database.js';
import { Account } from '../ledger/account.js';
import { Book } from '../ledger/book.js';
import type { LedgerEntry } from '../ledger/facts.js';
import { entriesAfter } from '../ledger/ledger-store.js';
import type { Unit } from '../ledger/unit.js';
import { UnitOfWork } from '../ledger/unit-of-work.js';
import { FactFlow } from '../flow/fact-flow.js';
import { IntegrityVerifier } from '../integrity/integrity-verifier.js';
import { TradeChanges } from '../positions/domain/changes.js';

/** Facts replayed between two looks at what came late. */
const CHUNK = 5_000;

/** Folding a symbol of millions of facts asks the database nothing for this long at most, ms. */
const FOLD_MS = '600000';

/** Settings that decide what projections hold. */
const RULES = ['TIMEZONE', 'POSITION_SOURCE', 'POSITION_MODE'] as const;
type Rule = (typeof RULES)[number];

/** What a rebuild found: the tables whose rows were not what the ledger says. Empty = all are. */
export interface Rebuilt {
  readonly accountId: string;
  readonly facts: number;
  readonly differences: readonly string[];
}

/**
 * Holds an account's projections against its ledger, under the account's lock, and where they are not the same drops them and replays the
 * ledger through the same commands that made them, in one transaction.
 */
@Injectable()
export class Rebuild {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly book: Book,
    private readonly flow: FactFlow,
    private readonly verifier: IntegrityVerifier,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async accountIds(): Promise<string[]> {
    const rows = await this.database.query<{ account_id: string }>(
      'SELECT account_id FROM accounts ORDER BY account_id',
    );
    return rows.map((row) => row.account_id);
  }

  /** Rebuilds everything when a setting that projections were computed with is another one now. Returns its names. */
  async afterChangedSettings(): Promise<string[]> {
    const now = new Map(RULES.map((name) => [name, String(this.config[name] ?? '')]));
    const rows = await this.database.query<{ name: string; value: string }>(
      'SELECT name, value FROM projection_settings',
    );
    const changed = rows.filter(
      ({ name, value }) => now.has(name as Rule) && now.get(name as Rule) !== value,
    );
    if (changed.length > 0) for (const accountId of await this.accountIds()) await this.rebuild(accountId);
    await this.database.query(
      `INSERT INTO projection_settings SELECT * FROM unnest($1::text[], $2::text[])
       ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value`,
      [[...now.keys()], [...now.values()]],
    );
    return changed.map(({ name }) => name);
  }

  /** The ledger, and the records of what was seen (candles, marks), stay as they are. */
  rebuild(accountId: string): Promise<Rebuilt> {
    return this.unitOfWork.run({ facts: [], accountIds: [accountId] }, async (unit) => {
      await unit.tx.query(`SELECT set_config('idle_in_transaction_session_timeout', $1, true)`, [FOLD_MS]);
      const { version: facts, parts } = await this.verifier.verifyLocked(unit.tx, accountId);
      const wrong = new Set([...parts.values()].flatMap(({ differences }) => differences.map(tableOf)));
      // Keys are made from nothing: a replay would not bring them back.
      wrong.delete('ledger_keys');
      return wrong.size === 0 ? { accountId, facts, differences: [] } : this.repair(unit, accountId, wrong);
    });
  }

  private async repair(unit: Unit, accountId: string, wrong: ReadonlySet<string>): Promise<Rebuilt> {
    const rebuilt = await this.makeAnew(unit, accountId);
    const { projections } = this.book;
    const found = projections.flatMap(({ tables }) => tables.filter((table) => wrong.has(table)));
    if (rebuilt.differences.length === 0 && found.length > 0)
      throw new Error(
        `the replay of ${accountId} gives again what its fold calls wrong: ${found.join(', ')}`,
      );
    return rebuilt;
  }

  private async makeAnew(unit: Unit, accountId: string): Promise<Rebuilt> {
    const tables = this.book.projections.flatMap((projection) => projection.tables);
    const before = await digests(unit.tx, tables, accountId);
    const { version } = unit.account(accountId);
    for (const table of tables)
      await unit.tx.query(`DELETE FROM ${table} WHERE account_id = $1`, [accountId]);
    unit.replace(await Account.load(unit.tx, { accountId, version: 0, repairs: 0 }, this.book.projections));
    const facts = await this.replay(unit, accountId);
    if (unit.account(accountId).version !== version)
      throw new Error(
        `ledger of ${accountId} reaches version ${unit.account(accountId).version} and not ${version}`,
      );
    await this.unitOfWork.writeStaged(unit);
    const after = await digests(unit.tx, tables, accountId);
    const differences = tables.filter((table) => before.get(table) !== after.get(table));
    // Running replicas hold the same version with the wrong rows: this makes them load it anew.
    if (differences.length > 0) {
      await unit.tx.query('UPDATE accounts SET repairs = repairs + 1 WHERE account_id = $1', [accountId]);
    }
    return { accountId, facts, differences };
  }

  private async replay(unit: Unit, accountId: string): Promise<number> {
    let replayed = 0;
    const kept = new TradeChanges();
    // All rows are gone, so each is new once.
    unit.inBulk = true;
    for (let next = entriesAfter(unit.tx, accountId, 0, CHUNK); ;) {
      const entries = await next;
      replayed += entries.length;
      // Postgres finds the next while these are applied.
      const isLast = entries.length < CHUNK;
      if (!isLast) next = entriesAfter(unit.tx, accountId, replayed, CHUNK);
      await Promise.all([next, this.replayChunk(unit, accountId, entries, kept)]);
      if (isLast) return replayed;
    }
  }

  private async replayChunk(
    unit: Unit,
    accountId: string,
    entries: readonly LedgerEntry[],
    kept: TradeChanges,
  ): Promise<void> {
    await unit.foreseeOrders(entries.map(({ fact }) => fact));
    for (const entry of entries) {
      unit.replayed = entry;
      await this.flow.applyAgain(entry.fact, kept);
    }
    await this.flow.countKept(accountId, kept);
    await this.flow.restate(unit);
    await this.unitOfWork.writeStaged(unit);
  }
}

const tableOf = ({ table }: { readonly table: string }) => table;

/** A digest of each table's rows of one account, whatever their order on disk: two sums over 64-bit hashes of all that a row says. */
async function digests(
  tx: Transaction,
  tables: readonly string[],
  accountId: string,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const table of tables) {
    const [row] = await tx.query<{ digest: string }>(
      `SELECT concat_ws(' ', count(*), sum(hashtextextended(t::text, 0)), sum(hashtextextended(t::text, 1))) AS digest
       FROM ${table} t WHERE account_id = $1`,
      [accountId],
    );
    found.set(table, row!.digest);
  }
  return found;
}

import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/database.js';
import { Database } from '../database/database.js';
import type { AccountPart, SymbolPart } from '../ledger/audit.js';
import { Auditors } from '../ledger/audit.js';
import { adoptedMoments } from '../ledger/adopted-wallets.js';
import { entriesBySymbol, entriesOfNoSymbol } from '../ledger/ledger-store.js';
import type { AuditedTable } from '../shared/row-pairs.js';
import { Turns } from '../shared/turns.js';
import type { VerifiedPart } from './verified-part.js';
import { digestOf, readable, verified } from './verified-part.js';
import type { AccountPlan } from './looks.js';
import { inLooks } from './looks.js';
import { lastVersion, outdatedSymbols } from './outdated.js';
import { SymbolRows } from './symbol-rows.js';

/** The part of an account that belongs to no symbol. */
export const NO_SYMBOL = '';

/** A whole account at one version. */
export interface VerifiedAccount {
  readonly accountId: string;
  readonly version: number;
  /** Over all rows in canonical order: equal rows have equal digests. */
  readonly digest: string;
  readonly parts: ReadonlyMap<string, VerifiedPart>;
}

/**
 * Holds an account's rows against the fold of its ledger. Each look is one snapshot of the database (REPEATABLE READ, READ ONLY) that locks
 * no row: facts that are committed meanwhile are in neither the facts nor the rows that it sees.
 */
@Injectable()
export class IntegrityVerifier {
  constructor(
    private readonly database: Database,
    private readonly auditors: Auditors,
  ) {}

  /** The account's symbols, in order, and how many facts each has and all have together. */
  plan(accountId: string): Promise<AccountPlan> {
    return this.inSnapshot((tx) => this.planIn(tx, accountId));
  }

  verifySymbols(accountId: string, symbols: readonly string[]): Promise<Map<string, VerifiedPart>> {
    return this.inSnapshot(async (tx) =>
      this.symbolParts(tx, accountId, await lastVersion(tx, accountId), symbols),
    );
  }

  /** How many facts have the symbols of which what is known holds no more. */
  async outdated(
    accountId: string,
    known: ReadonlyMap<string, VerifiedPart>,
  ): Promise<AccountPlan['symbols']> {
    return this.inSnapshot(async (tx) => {
      const symbols = await outdatedSymbols(tx, accountId, known, this.auditors.all);
      const rows = await tx.query<{ symbol: string; facts: string }>(
        `SELECT symbol, count(*)::text AS facts FROM ledger WHERE account_id = $1 AND symbol = ANY($2) GROUP BY symbol`,
        [accountId, [...symbols]],
      );
      return rows.map(({ symbol, facts }) => ({ symbol, facts: Number(facts) }));
    });
  }

  /**
   * Verifies what is not known yet, or not any more, and the account as a whole, in one snapshot. What is known of a symbol without newer
   * facts is true at the newer version too, because its rows follow from its own facts alone; only what it carries for the account's sums
   * may be too coarse by then.
   */
  verifyAccount(
    accountId: string,
    known: ReadonlyMap<string, VerifiedPart> = new Map(),
  ): Promise<VerifiedAccount> {
    return this.inSnapshot(async (tx) => {
      const version = await lastVersion(tx, accountId);
      const outdated = await outdatedSymbols(tx, accountId, known, this.auditors.all);
      const symbols = await this.symbolsOf(tx, accountId);
      const unknown = symbols.filter((symbol) => outdated.has(symbol) || !known.has(symbol));
      const found = await this.symbolParts(tx, accountId, version, unknown);
      const parts = new Map(symbols.map((symbol) => [symbol, found.get(symbol) ?? known.get(symbol)!]));
      return this.concluded(tx, accountId, version, parts);
    });
  }

  /** The same inside of a transaction that holds the account's lock, so that nothing moves however long it takes. */
  async verifyLocked(tx: Transaction, accountId: string): Promise<VerifiedAccount> {
    const { symbols, facts: version } = await this.planIn(tx, accountId);
    const looks = inLooks(symbols);
    const parts = new Map<string, VerifiedPart>();
    const look = async () => {
      for (let next = looks.shift(); next; next = looks.shift())
        for (const [symbol, part] of await this.symbolParts(tx, accountId, version, next))
          parts.set(symbol, part);
    };
    // Postgres reads for one while the other folds.
    await bothOf(look, () => (looks.length = 0));
    return this.concluded(tx, accountId, version, parts);
  }

  private async concluded(
    tx: Transaction,
    accountId: string,
    version: number,
    parts: Map<string, VerifiedPart>,
  ): Promise<VerifiedAccount> {
    const whole = await this.accountPart(tx, accountId, version, [...parts.values()]);
    // No fact names a symbol without a name, but a row that somebody wrote may.
    const nameless = parts.get(NO_SYMBOL)?.differences ?? [];
    parts.set(NO_SYMBOL, { ...whole, differences: [...nameless, ...whole.differences] });
    const lines = [...parts].map(([symbol, { digest }]) => `${JSON.stringify(symbol)}\t${digest}`);
    return { accountId, version, digest: digestOf(lines.sort()), parts };
  }

  private async planIn(tx: Transaction, accountId: string): Promise<AccountPlan> {
    const facts = await lastVersion(tx, accountId);
    const rows = await tx.query<{ symbol: string; facts: string }>(
      'SELECT symbol, count(*)::text AS facts FROM ledger WHERE account_id = $1 AND symbol IS NOT NULL GROUP BY symbol',
      [accountId],
    );
    const counts = new Map(rows.map((row) => [row.symbol, Number(row.facts)]));
    const names = await this.symbolsOf(tx, accountId);
    return { facts, symbols: names.map((symbol) => ({ symbol, facts: counts.get(symbol) ?? 0 })) };
  }

  private async symbolsOf(tx: Transaction, accountId: string): Promise<string[]> {
    const symbols = new Set<string>();
    for (const auditor of this.auditors.all)
      for (const symbol of await auditor.symbols(tx, accountId)) symbols.add(symbol);
    return [...symbols].sort();
  }

  private async symbolParts(
    tx: Transaction,
    accountId: string,
    version: number,
    symbols: readonly string[],
  ): Promise<Map<string, VerifiedPart>> {
    const rows = new SymbolRows(tx, accountId, symbols);
    const facts = await readable(() => entriesBySymbol(tx, accountId, symbols, version));
    const adoptedAt = await adoptedMoments(tx, accountId, version);
    const parts = new Map<string, VerifiedPart>();
    const turns = new Turns();
    for (const symbol of symbols) {
      if (turns.isOver) await turns.next();
      const carried = new Map<string, unknown>();
      const look = async (): Promise<AuditedTable[]> => {
        // Where one fact cannot be read, each symbol reads its own: only the one that it is of is in doubt.
        const own = facts ?? (await entriesBySymbol(tx, accountId, [symbol], version));
        return this.auditSymbol(
          { tx, accountId, version, symbol, adoptedAt, carried, entries: own.get(symbol) ?? [] },
          rows,
        );
      };
      parts.set(symbol, await verified({ version, carried, place: symbol }, look));
    }
    return parts;
  }

  private async auditSymbol(
    looked: Omit<SymbolPart, 'compare' | 'expected'>,
    stored: SymbolRows,
  ): Promise<AuditedTable[]> {
    const expected = new Map<string, readonly object[]>();
    const part: SymbolPart = {
      ...{ ...looked, expected },
      compare: (rows) => {
        expected.set(rows.table.name, [...(expected.get(rows.table.name) ?? []), ...rows.rows]);
        return stored.compare(looked.symbol, rows);
      },
    };
    const tables: AuditedTable[] = [];
    for (const auditor of this.auditors.all) tables.push(...(await auditor.ofSymbol(part)));
    return tables;
  }

  private async accountPart(
    tx: Transaction,
    accountId: string,
    version: number,
    symbols: readonly VerifiedPart[],
  ): Promise<VerifiedPart> {
    const carriedBy = (name: string) => symbols.flatMap(({ carried }) => carried.get(name) ?? []);
    return verified({ version, carried: new Map(), place: NO_SYMBOL }, async () => {
      const entries = await entriesOfNoSymbol(tx, accountId, version);
      const part: AccountPart = { tx, accountId, version, entries, carriedBy };
      const tables: AuditedTable[] = [];
      for (const auditor of this.auditors.all) tables.push(...(await auditor.ofAccount(part)));
      return tables;
    });
  }

  private inSnapshot<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.transaction(async (tx) => {
      await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      return work(tx);
    });
  }
}

/** Does it twice at once and ends when both have; with the failure that came first, after which `stop` keeps the other from going on. */
async function bothOf(work: () => Promise<void>, stop: () => unknown): Promise<void> {
  const failures: unknown[] = [];
  const orStop = () =>
    work().catch((error: unknown) => {
      failures.push(error);
      stop();
    });
  await Promise.all([orStop(), orStop()]);
  if (failures.length > 0) throw failures[0];
}

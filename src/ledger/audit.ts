import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/database.js';
import type { Table } from '../database/table.js';
import type { AuditedTable } from '../shared/row-pairs.js';
import type { LedgerEntry, Micros } from './facts.js';

/** Which part of an account is verified, all of it in one snapshot of the database. */
interface Part {
  readonly tx: Pick<Transaction, 'query'>;
  readonly accountId: string;
  /** The account's version in the snapshot. */
  readonly version: number;
  /** The facts of the part, in the order they were accepted. */
  readonly entries: readonly LedgerEntry[];
}

/** What the rows of a symbol in a table should be, and what names one. */
export interface ExpectedRows<Row extends object> {
  readonly table: Table<Row>;
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** SQL that selects those rows of the table that are spoken of; all of them without it. */
  readonly condition?: string;
}

/** What belongs to one symbol of an account. */
export interface SymbolPart extends Part {
  readonly symbol: string;
  /** The moments of the account's adopted wallets, in order. */
  readonly adoptedAt: readonly Micros[];
  /** Holds the symbol's stored rows of a table, or those of them that a condition selects, against what they should be. */
  compare<Row extends object>(expected: ExpectedRows<Row>): Promise<AuditedTable>;
  /** Rows that lower projections expect of this part, by table. */
  readonly expected: ReadonlyMap<string, readonly object[]>;
  /**
   * What an auditor needs of the symbol again when it comes to the account as a whole, by the projection's name. It is kept while the service
   * runs, and must not grow with the number of trades.
   */
  readonly carried: Map<string, unknown>;
}

/** What belongs to no symbol, and the sums over all. */
export interface AccountPart extends Part {
  /** What was carried from each symbol, by the projection's name. */
  carriedBy(projection: string): readonly unknown[];
}

/** How rows of a projection are held against the ledger. Reads only, and takes no locks. */
export interface Auditor {
  /** Of the tables that a rebuild fills, those that this auditor answers for. */
  readonly tables: readonly string[];
  /** The symbols that its rows name. */
  symbols(tx: Pick<Transaction, 'query'>, accountId: string): Promise<string[]>;
  ofSymbol(part: SymbolPart): Promise<AuditedTable[]>;
  ofAccount(part: AccountPart): Promise<AuditedTable[]>;
  /** Whether what was carried of a symbol is of no use with these moments of adopted wallets (in order): some were not known then. */
  isOutdatedBy?(carried: ReadonlyMap<string, unknown>, adoptedAt: readonly Micros[]): boolean;
}

/** The auditors of all modules. */
@Injectable()
export class Auditors {
  readonly all: Auditor[] = [];

  /** Called once by each module at start, lower modules first: what they expect is there for those above. */
  register(auditor: Auditor): void {
    this.all.push(auditor);
  }
}

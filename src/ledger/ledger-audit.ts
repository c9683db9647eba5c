import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/database.js';
import type { AuditedTable } from '../shared/row-pairs.js';
import type { AccountPart, Auditor } from './audit.js';
import { Auditors } from './audit.js';

/** What is broken once is mostly broken often: so many of a kind are named. */
const MOST_NAMED = 100;

/** Holds the ledger against itself: versions without a gap, keys for every fact, and an account row that knows the last. */
@Injectable()
export class LedgerAudit implements Auditor {
  readonly tables: readonly string[] = [];

  constructor(auditors: Auditors) {
    auditors.register(this);
  }

  async symbols(tx: Pick<Transaction, 'query'>, accountId: string): Promise<string[]> {
    const rows = await tx.query<{ symbol: string }>(
      'SELECT DISTINCT symbol FROM ledger WHERE account_id = $1 AND symbol IS NOT NULL',
      [accountId],
    );
    return rows.map(({ symbol }) => symbol);
  }

  ofSymbol(): Promise<AuditedTable[]> {
    return Promise.resolve([]);
  }

  async ofAccount({ tx, accountId, version }: AccountPart): Promise<AuditedTable[]> {
    const [row] = await tx.query<{ version: string }>(
      'SELECT version::text FROM accounts WHERE account_id = $1',
      [accountId],
    );
    const stored = row ? { version: Number(row.version) } : null;
    const account = { key: accountId, stored, expected: { version } };
    const gaps = await tx.query<{ version: string }>(GAPS, [accountId]);
    const unclaimed = await tx.query<{ version: string }>(UNCLAIMED, [accountId]);
    return [
      { table: 'accounts', rows: [account] },
      { table: 'ledger', rows: gaps.map(missing) },
      { table: 'ledger_keys', rows: unclaimed.map(missing) },
    ];
  }
}

/** The first version of every gap. */
const GAPS = `SELECT (before + 1)::text AS version
  FROM (SELECT version, lag(version, 1, 0::bigint) OVER (ORDER BY version) AS before FROM ledger WHERE account_id = $1) AS steps
  WHERE version <> before + 1 LIMIT ${MOST_NAMED}`;

const UNCLAIMED = `SELECT l.version::text FROM ledger l WHERE l.account_id = $1
  AND NOT EXISTS (SELECT FROM ledger_keys k WHERE k.account_id = $1 AND k.version = l.version) LIMIT ${MOST_NAMED}`;

function missing({ version }: { readonly version: string }) {
  return { key: version, stored: null, expected: { version: Number(version) } };
}

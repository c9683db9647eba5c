import type { Transaction } from '../database/database.js';
import type { Auditor } from '../ledger/audit.js';
import { adoptedMoments } from '../ledger/adopted-wallets.js';
import { Turns } from '../shared/turns.js';
import type { VerifiedPart } from './verified-part.js';

/** The ledger's own last version: it is the truth, and the account's row is a thing to verify. */
export async function lastVersion(tx: Pick<Transaction, 'query'>, accountId: string): Promise<number> {
  const [row] = await tx.query<{ version: string | null }>(
    'SELECT max(version)::text AS version FROM ledger WHERE account_id = $1',
    [accountId],
  );
  return Number(row?.version ?? 0);
}

/** Symbols of which something is known that holds no more: they have newer facts, or something told since makes what was carried of them useless. */
export async function outdatedSymbols(
  tx: Pick<Transaction, 'query'>,
  accountId: string,
  known: ReadonlyMap<string, VerifiedPart>,
  auditors: readonly Auditor[],
): Promise<Set<string>> {
  if (known.size === 0) return new Set();
  const outdated = await withNewerFacts(tx, accountId, known);
  const adoptedAt = await adoptedMoments(tx, accountId, await lastVersion(tx, accountId));
  const turns = new Turns();
  for (const [symbol, { carried }] of known) {
    if (auditors.some((auditor) => auditor.isOutdatedBy?.(carried, adoptedAt))) outdated.add(symbol);
    if (turns.isOver) await turns.next();
  }
  return outdated;
}

/** Symbols with facts that are newer than what is known of them. */
async function withNewerFacts(
  tx: Pick<Transaction, 'query'>,
  accountId: string,
  known: ReadonlyMap<string, VerifiedPart>,
): Promise<Set<string>> {
  const oldest = Math.min(...[...known.values()].map(({ version }) => version));
  const rows = await tx.query<{ symbol: string; version: string }>(
    `SELECT symbol, max(version)::text AS version FROM ledger
     WHERE account_id = $1 AND version > $2 AND symbol IS NOT NULL GROUP BY symbol`,
    [accountId, oldest],
  );
  const newer = rows.filter(({ symbol, version }) => Number(version) > (known.get(symbol)?.version ?? 0));
  return new Set(newer.map(({ symbol }) => symbol));
}

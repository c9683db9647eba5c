import type { Transaction } from '../database/database.js';
import { mapInTurns } from '../shared/turns.js';
import type { Micros } from './facts.js';

/** The moments of the wallets that an account adopted up to a version, in order. */
export async function adoptedMoments(
  tx: Pick<Transaction, 'query'>,
  accountId: string,
  upTo: number,
): Promise<Micros[]> {
  const rows = await tx.query<{ at: string }>(
    `SELECT (extract(epoch FROM occurred_at) * 1000000)::bigint::text AS at FROM ledger
     WHERE account_id = $1 AND kind = 'account.reconciliation' AND version <= $2 ORDER BY occurred_at`,
    [accountId, upTo],
  );
  return mapInTurns(rows, ({ at }) => Number(at));
}

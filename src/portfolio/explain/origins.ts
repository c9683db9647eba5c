import type { Transaction } from '../../database/database.js';
import { microsOf } from '../../shared/periods.js';
import type { FactOrigin } from '../domain/explain/booking-node.js';

/** What the ledger says of these versions of an account. */
export async function originsOf(
  tx: Transaction,
  accountId: string,
  versions: readonly number[],
): Promise<ReadonlyMap<number, FactOrigin>> {
  if (versions.length === 0) return new Map();
  const rows = await tx.query<{
    version: string;
    kind: string;
    event_id: string | null;
    source: string | null;
    received_at: string;
  }>(
    `SELECT version::text, kind, event_id, source,
       to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS received_at
     FROM ledger WHERE account_id = $1 AND version = ANY($2::bigint[])`,
    [accountId, versions],
  );
  return new Map(
    rows.map(({ version, kind, event_id, source, received_at }) => [
      Number(version),
      {
        version: Number(version),
        kind,
        eventId: event_id,
        source,
        receivedAt: microsOf(received_at),
      },
    ]),
  );
}

import type { Transaction } from '../database/database.js';

/** An event that leaves with the transaction that made it true. `payload` is its final JSON text, event_id inside. */
export interface OutboxEvent {
  readonly accountId: string;
  readonly version: number;
  readonly type: string;
  readonly eventId: string;
  readonly payload: string;
}

export interface StoredOutboxEvent extends OutboxEvent {
  readonly id: string;
}

/** `onStored` is told the events with their ids once the database answered, which is with COMMIT at the latest. */
export async function addToOutbox(
  tx: Transaction,
  events: readonly OutboxEvent[],
  onStored: (stored: StoredOutboxEvent[]) => void = () => undefined,
): Promise<void> {
  if (events.length === 0) return;
  const statement = {
    name: 'outbox-add',
    text: `INSERT INTO outbox (account_id, version, event_type, event_id, payload)
           SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::uuid[], $5::text[]) RETURNING id::text, event_id::text`,
    values: [
      events.map((event) => event.accountId),
      events.map((event) => event.version),
      events.map((event) => event.type),
      events.map((event) => event.eventId),
      events.map((event) => event.payload),
    ],
  };
  await tx.send<Record<'id' | 'event_id', string>>(statement, (rows) => {
    const ids = new Map(rows.map((row) => [row.event_id, row.id]));
    onStored(events.map((event) => ({ ...event, id: ids.get(event.eventId)! })));
  });
}

type Asked = Pick<Transaction, 'query'>;

/**
 * The oldest events that were not published yet, but for types that cannot leave now. Ids of one account grow with its versions: its row was
 * locked.
 */
export async function unpublished(
  database: Asked,
  limit: number,
  without: readonly string[] = [],
): Promise<StoredOutboxEvent[]> {
  const rows = await database.query<
    Record<'id' | 'account_id' | 'version' | 'event_type' | 'event_id' | 'payload', string>
  >({
    name: 'outbox-unpublished',
    text: `SELECT id::text, account_id, version::text, event_type, event_id::text, payload FROM outbox
             WHERE published_at IS NULL AND event_type <> ALL ($2::text[]) ORDER BY outbox.id LIMIT $1`,
    values: [limit, without],
  });
  return rows.map((row) => ({
    id: row.id,
    accountId: row.account_id,
    version: Number(row.version),
    type: row.event_type,
    eventId: row.event_id,
    payload: row.payload,
  }));
}

/** Marks each event by its own id: "everything up to" would skip what commits late. */
export async function markPublished(database: Asked, ids: readonly string[]): Promise<void> {
  await database.query({
    name: 'outbox-mark',
    text: 'UPDATE outbox SET published_at = now() WHERE id = ANY($1::bigint[])',
    values: [ids],
  });
}

/** The id of the event that was published last and is still kept; "0" when there is none. Not the highest: ids of others may leave later. */
export async function newestPublished(database: Asked): Promise<string> {
  const [row] = await database.query<{ id: string }>(
    'SELECT id::text FROM outbox WHERE published_at IS NOT NULL ORDER BY published_at DESC, outbox.id DESC LIMIT 1',
  );
  return row?.id ?? '0';
}

/**
 * Takes back what was published behind `marker` within the last minutes, because Redis no longer has it. What is marked was marked in the
 * order in which it was sent. A marker that is not marked was sent last, or its stream takes nothing: behind it are higher ids then. Of one that is
 * not kept nothing newer is known. Returns how many.
 */
export async function republishAfter(database: Asked, marker: string, minutes: number): Promise<number> {
  const rows = await database.query(
    `WITH marker AS (SELECT published_at, id FROM outbox WHERE id = $1::bigint)
     UPDATE outbox SET published_at = NULL WHERE published_at > now() - make_interval(mins => $2::int)
       AND NOT EXISTS (SELECT 1 FROM marker WHERE (outbox.published_at, outbox.id) <= (marker.published_at, marker.id)
         OR (marker.published_at IS NULL AND outbox.id <= marker.id)) RETURNING id`,
    [marker, minutes],
  );
  return rows.length;
}

/** Forgets events published longer ago: what they said is in the ledger. */
export async function forgetPublished(database: Asked, minutes: number): Promise<void> {
  await database.query(`DELETE FROM outbox WHERE published_at < now() - make_interval(mins => $1::int)`, [
    minutes,
  ]);
}

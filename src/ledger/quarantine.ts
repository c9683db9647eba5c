import { createHash } from 'node:crypto';
import type { Transaction } from '../database/database.js';
import { isoOf } from '../shared/periods.js';
import type { Micros } from './facts.js';

/** A message that was set aside, with its original bytes. `firstVersion` names the accepted fact it contradicts. */
export interface SetAside {
  readonly accountId: string | null;
  /** Stable reason, such as `conflict` or `quantity_invalid`. */
  readonly code: string;
  readonly message: string;
  readonly stream: string;
  readonly entryId: string;
  readonly fields: Buffer;
  readonly firstVersion: number | null;
  readonly receivedAt: Micros;
}

/** Keeps messages that were set aside; the same entry twice is kept once. Returns the entry ids that are new. */
export async function setAside(tx: Transaction, messages: readonly SetAside[]): Promise<Set<string>> {
  if (messages.length === 0) return new Set();
  const rows = await tx.query<{ entry_id: string }>(
    `INSERT INTO quarantine (account_id, code, message, stream, entry_id, fields, first_version, received_at)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::bigint[], $8::timestamptz[])
     ON CONFLICT (stream, entry_id) DO NOTHING RETURNING entry_id`,
    [
      messages.map((message) => message.accountId),
      messages.map((message) => message.code),
      // Postgres text has no NUL; the bytes themselves are kept in `fields`.
      messages.map((message) => message.message.replaceAll('\u0000', '\\0')),
      messages.map((message) => message.stream),
      messages.map((message) => message.entryId),
      messages.map((message) => message.fields),
      messages.map((message) => message.firstVersion),
      messages.map((message) => isoOf(message.receivedAt)),
    ],
  );
  return new Set(rows.map((row) => row.entry_id));
}

/** Messages up to this many bytes are kept whole. */
const KEPT_WHOLE_BYTES = 2 ** 20;
/** Of a longer one, each part keeps so much of its beginning. */
const KEPT_OF_PART_BYTES = 2 ** 16;

/**
 * A message's fields and values as they are kept when it is set aside: whole, or of one beyond 1 MiB the beginnings, and as a last field `abridged`
 * how long it was and its SHA-256 over the whole as netstrings.
 */
export function abridged(parts: readonly Buffer[]): readonly Buffer[] {
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  if (bytes <= KEPT_WHOLE_BYTES) return parts;
  const kept: Buffer[] = [];
  let left = KEPT_WHOLE_BYTES;
  for (let at = 0; at + 1 < parts.length && left > 0; at += 2) {
    // Copied, so that what is kept does not keep the whole alive.
    const pair = [parts[at]!, parts[at + 1]!].map((part) =>
      Buffer.from(part.subarray(0, KEPT_OF_PART_BYTES)),
    );
    kept.push(...pair);
    left -= pair[0]!.length + pair[1]!.length;
  }
  const digest = createHash('sha256');
  for (const part of parts) digest.update(`${part.length}:`).update(part).update(',');
  const note = `${bytes} bytes in ${parts.length} parts, sha256 ${digest.digest('hex')}`;
  return [...kept, Buffer.from('abridged'), Buffer.from(note)];
}

/** Fields and values as netstrings (`5:hello,`): exact for any bytes, and readable where they are text. */
export function netstrings(parts: readonly Buffer[]): Buffer {
  return Buffer.concat(parts.flatMap((part) => [Buffer.from(`${part.length}:`), part, Buffer.from(',')]));
}

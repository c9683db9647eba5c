import type { Transaction } from '../database/database.js';
import type { ApiKey } from './api-key.js';
import type { Scope } from './caller.js';

type Asked = Pick<Transaction, 'query'>;

interface Row {
  readonly key_id: string;
  readonly name: string;
  readonly hash: string;
  readonly scopes: Scope[];
  readonly accounts: string[] | null;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
}

/** Every key that was ever made, the newest last; revoked ones stay, so that what they did can be told. */
export async function allKeys(database: Asked): Promise<ApiKey[]> {
  const rows = await database.query<Row>(
    `SELECT key_id, name, encode(hash, 'hex') AS hash, scopes, accounts, created_at, expires_at, revoked_at
     FROM api_keys ORDER BY created_at, key_id`,
  );
  return rows.map((row) => ({
    keyId: row.key_id,
    name: row.name,
    hash: row.hash,
    scopes: row.scopes,
    accounts: row.accounts,
    createdAt: row.created_at.getTime(),
    expiresAt: row.expires_at?.getTime() ?? null,
    revokedAt: row.revoked_at?.getTime() ?? null,
  }));
}

export async function addKey(database: Asked, key: ApiKey): Promise<void> {
  await database.query(
    `INSERT INTO api_keys (key_id, name, hash, scopes, accounts, created_at, expires_at)
     VALUES ($1, $2, decode($3, 'hex'), $4, $5, to_timestamp($6::double precision / 1000), to_timestamp($7::double precision / 1000))`,
    [key.keyId, key.name, key.hash, key.scopes, key.accounts, key.createdAt, key.expiresAt],
  );
}

/** Ends a key. Returns whether there was one that held. */
export async function revokeKey(database: Asked, keyId: string): Promise<boolean> {
  const rows = await database.query(
    'UPDATE api_keys SET revoked_at = now() WHERE key_id = $1 AND revoked_at IS NULL RETURNING key_id',
    [keyId],
  );
  return rows.length > 0;
}

import { keyHash, newKeyId, newKeyText } from '../../src/access/api-key.js';
import type { TestDatabase } from './postgres.js';

export interface TestKey {
  readonly id: string;
  readonly key: string;
  /** The header that carries it. */
  readonly headers: { readonly authorization: string };
}

export interface KeyOptions {
  readonly scopes?: readonly string[];
  readonly accounts?: readonly string[];
  readonly expiresInMs?: number;
}

/** A key of the API, put into a migrated database as the command would. */
export async function addTestKey(
  database: TestDatabase,
  { scopes = ['read'], accounts, expiresInMs }: KeyOptions = {},
): Promise<TestKey> {
  const [id, key] = [newKeyId(), newKeyText()];
  const expiresAt = expiresInMs === undefined ? null : new Date(Date.now() + expiresInMs);
  await database.query(
    `INSERT INTO api_keys (key_id, name, hash, scopes, accounts, created_at, expires_at)
     VALUES ($1, 'test', decode($2, 'hex'), $3, $4, now(), $5)`,
    [id, keyHash(key), scopes, accounts ?? null, expiresAt],
  );
  return { id, key, headers: { authorization: `Bearer ${key}` } };
}

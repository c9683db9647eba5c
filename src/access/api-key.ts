import { createHash, randomBytes } from 'node:crypto';
import type { Caller, Scope } from './caller.js';

const PREFIX = 'pis_';
const SECRET_BYTES = 32;

/** A key as it is stored: everything but the key itself. Times are Unix milliseconds. */
export interface ApiKey {
  readonly keyId: string;
  /** What a person called it. */
  readonly name: string;
  /** SHA-256 of the key, hex. */
  readonly hash: string;
  readonly scopes: readonly Scope[];
  /** null = every account. */
  readonly accounts: readonly string[] | null;
  readonly createdAt: number;
  /** null = never. */
  readonly expiresAt: number | null;
  /** null = it holds. */
  readonly revokedAt: number | null;
}

/** A new key: shown once, to whoever asked for it. The prefix lets scanners of leaked secrets know it. */
export function newKeyText(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64url');
}

export function newKeyId(): string {
  return `k_${randomBytes(6).toString('hex')}`;
}

/**
 * What is stored of a key. A plain SHA-256 is enough, other than for a password: 256 random bits have no dictionary that a slow hash
 * would have to hold up, and every request pays for the hash.
 */
export function keyHash(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

export function looksLikeKey(credential: string): boolean {
  return credential.startsWith(PREFIX);
}

/** Whether it lets somebody in at a moment (Unix milliseconds). */
export function holds({ expiresAt, revokedAt }: ApiKey, now: number): boolean {
  return revokedAt === null && (expiresAt === null || now < expiresAt);
}

/** Who comes with this key. */
export function callerOf({ keyId, scopes, accounts }: ApiKey): Caller {
  return { id: keyId, scopes: new Set(scopes), accounts: accounts === null ? 'all' : new Set(accounts) };
}

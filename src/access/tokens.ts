import { Inject, Injectable, Logger } from '@nestjs/common';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { Config } from '../config.js';
import { CONFIG } from '../config.js';
import { TransientError, messageOf } from '../shared/errors.js';
import { keyHash } from './api-key.js';
import type { Caller, Scope } from './caller.js';

/** How long a token that was checked is known without being checked again. */
const KNOWN_FOR_MS = 30_000;
/** How long the provider's keys are used before they are asked for again; a token by a key not seen yet asks at once. */
const PROVIDER_KEYS_HOLD_MS = 300_000;
/** More tokens than this are not remembered; the oldest one goes. */
const MOST_KNOWN = 10_000;
/** Errors that are not about the token: the provider's key set did not come, or is none. */
const OF_THE_PROVIDER: ReadonlySet<string> = new Set([
  'ERR_JOSE_GENERIC',
  'ERR_JWKS_INVALID',
  'ERR_JWKS_TIMEOUT',
]);
const CLOCK_TOLERANCE_SEC = 5;
/** What no token that we accept is longer than. */
const MOST_CHARACTERS = 8_192;

/** Tokens (JWT) of an identity provider: signature by its keys, issuer, audience and expiry are checked, never only read. */
@Injectable()
export class Tokens {
  private readonly logger = new Logger('Tokens');
  private readonly keys: JWTVerifyGetKey | null;
  private readonly known = new Map<string, { readonly caller: Caller; readonly until: number }>();

  constructor(@Inject(CONFIG) private readonly config: Config) {
    const { AUTH_JWKS_URL } = config;
    this.keys = AUTH_JWKS_URL
      ? createRemoteJWKSet(new URL(AUTH_JWKS_URL), {
          timeoutDuration: 3_000,
          cacheMaxAge: PROVIDER_KEYS_HOLD_MS,
        })
      : null;
  }

  /** Whether the settings name an identity provider. */
  get areAccepted(): boolean {
    return this.keys !== null;
  }

  /** The caller of a token that was checked a moment ago; null = it must be verified. */
  remembered(token: string): Caller | null {
    if (this.known.size === 0) return null;
    const found = this.known.get(keyHash(token));
    return found && Date.now() < found.until ? found.caller : null;
  }

  /** Whether a token held when it was checked last, be that long ago: it costs a hash to know, and none can be made up that was met. */
  wasMet(token: string): boolean {
    return this.known.size > 0 && this.known.has(keyHash(token));
  }

  /** Who comes with a token; null when it is not valid. Throws TransientError when the provider's keys cannot be had. */
  async verify(token: string): Promise<Caller | null> {
    if (!this.keys || token.length > MOST_CHARACTERS) return null;
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        algorithms: this.config.AUTH_ALGORITHMS,
        issuer: this.config.AUTH_ISSUER!,
        audience: this.config.AUTH_AUDIENCE!,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: CLOCK_TOLERANCE_SEC,
      });
      // Requests are counted by it, and a list or an object would be everybody's.
      if (typeof payload.sub !== 'string' || payload.sub === '') return null;
      return this.remember(token, payload);
    } catch (error) {
      return this.refusal(error);
    }
  }

  private remember(token: string, payload: JWTPayload): Caller {
    const caller = callerOfToken(payload, this.config);
    const until = Math.min(Date.now() + KNOWN_FOR_MS, payload.exp! * 1000);
    if (this.known.size >= MOST_KNOWN) this.known.delete(this.known.keys().next().value!);
    this.known.set(keyHash(token), { caller, until });
    return caller;
  }

  /** What is wrong with a token is its owner's to find out; that the provider does not answer is ours. */
  private refusal(error: unknown): null {
    if (error instanceof errors.JOSEError && !OF_THE_PROVIDER.has(error.code)) return null;
    this.logger.warn(`the keys of the identity provider cannot be had: ${messageOf(error)}`);
    throw new TransientError('the identity provider does not answer');
  }
}

type Claims = Pick<
  Config,
  'AUTH_SCOPE_CLAIM' | 'AUTH_READ_SCOPE' | 'AUTH_ADMIN_SCOPE' | 'AUTH_ACCOUNTS_CLAIM'
>;

/**
 * What a checked token says about its owner. Scopes are a list or one text with spaces; accounts the same, and `*` is all of them. A token
 * that names none sees none.
 */
export function callerOfToken(payload: JWTPayload, claims: Claims): Caller {
  const told = new Set(listOf(payload[claims.AUTH_SCOPE_CLAIM]));
  const scopes: Scope[] = [];
  if (told.has(claims.AUTH_READ_SCOPE)) scopes.push('read');
  if (told.has(claims.AUTH_ADMIN_SCOPE)) scopes.push('admin');
  const accounts = listOf(payload[claims.AUTH_ACCOUNTS_CLAIM]);
  return {
    id: `sub:${payload.sub}`,
    scopes: new Set(scopes),
    accounts: accounts.includes('*') ? 'all' : new Set(accounts),
  };
}

function listOf(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(' ').filter((part) => part !== '');
  return Array.isArray(claim) ? claim.filter((part) => typeof part === 'string') : [];
}

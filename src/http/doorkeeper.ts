import { Inject, Injectable } from '@nestjs/common';
import { Access } from '../access/access.js';
import type { Caller } from '../access/caller.js';
import { ANYBODY, mayDo, maySee } from '../access/caller.js';
import type { CredentialHeaders } from '../access/credential.js';
import { credentialOf } from '../access/credential.js';
import { isOwnName } from '../access/loopback.js';
import type { Config } from '../config.js';
import { CONFIG } from '../config.js';
import { UnknownAccountError } from '../ledger/account-reader.js';
import { TransientError } from '../shared/errors.js';
import type { Door } from './door.js';
import { doorOf, isAboutAnAccount } from './door.js';
import { problemOf } from './problem-of.js';
import type { Problem } from './problem.js';

/** What the doorkeeper looks at: a Fastify request has it, and so does the request that opens a socket. */
export interface Asked {
  readonly headers: CredentialHeaders & { readonly host?: string | undefined };
  readonly query: unknown;
  /** The pattern of the route, `?account=` not in it; undefined = there is no such route. */
  readonly routeOptions: {
    readonly url?: string | undefined;
    readonly config?: { readonly scope?: 'read' | 'admin' };
  };
}

/** Let in, as whom; or not, and why. */
export type Verdict = { readonly caller: Caller } | { readonly problem: Problem };

const CHALLENGE = { 'www-authenticate': 'Bearer realm="portfolio-intelligence"' };
const MISSING: Problem = {
  ...{ status: 401, code: 'credentials_missing', headers: CHALLENGE },
  detail: 'Send a key as Authorization: Bearer or as X-API-Key.',
};
const INVALID: Problem = {
  ...{ status: 401, code: 'credentials_invalid', headers: CHALLENGE },
  detail: 'The key or token is unknown, expired or revoked.',
};
const UNREADY: Problem = {
  ...{ status: 503, code: 'starting', headers: { 'retry-after': '1' } },
  detail: 'The keys are not known yet, or not any more.',
};

/**
 * Decides about every request before anything reads it, by three questions: who is this, may he do this, does the account exist for him.
 * A plain function of the request, so that routes of Nest, bare routes of Fastify and sockets can all be decided by it. It answers at once
 * where it can; only a token that must be verified is waited for.
 */
@Injectable()
export class Doorkeeper {
  constructor(
    private readonly access: Access,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The whole check. */
  authorize(asked: Asked): Verdict | Promise<Verdict> {
    return this.authorizeAtOnce(asked) ?? this.verify(asked);
  }

  /** What can be said without waiting; null = what was shown must be verified first. */
  authorizeAtOnce(asked: Asked): Verdict | null {
    const door = doorTo(asked);
    if (this.isOpen(door)) return { caller: ANYBODY };
    const credential = credentialOf(asked.headers);
    if (credential === null) return this.withoutKey(asked, door);
    const known = this.access.recognize(credential);
    return known && admitted(known, asked, door);
  }

  /** The answer to those about whom nothing could be said at once. */
  async verify(asked: Asked): Promise<Verdict> {
    try {
      const found = await this.access.identify(credentialOf(asked.headers) ?? '');
      if (found === 'unknown') return { problem: INVALID };
      return found === 'unready' ? { problem: UNREADY } : admitted(found, asked, doorTo(asked));
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      return { problem: problemOf(error) };
    }
  }

  private isOpen(door: Door): boolean {
    const { DOCS_ACCESS, METRICS_ACCESS } = this.config;
    return (
      door === 'open' ||
      (door === 'docs' && DOCS_ACCESS === 'open') ||
      (door === 'metrics' && METRICS_ACCESS === 'open')
    );
  }

  private withoutKey(asked: Asked, door: Door): Verdict {
    if (!this.access.isOpen || door === 'admin') return { problem: MISSING };
    const { host } = asked.headers;
    if (this.config.AUTH === 'none' || isOwnName(host, this.config.ALLOWED_HOSTS)) return { caller: ANYBODY };
    const detail =
      'Without a key the service answers to names of this machine only; see PORTFOLIO_ALLOWED_HOSTS.';
    return { problem: { status: 403, code: 'host_unknown', detail } };
  }
}

const doorTo = ({ routeOptions: { url, config } }: Asked): Door => doorOf(url, config?.scope);

/** He is known; what he may not do he is told, what he may not see does not exist. */
function admitted(caller: Caller, asked: Asked, door: Door): Verdict {
  const scope = door === 'admin' ? 'admin' : 'read';
  // Metrics are of every account at once.
  const tooMuch = door === 'metrics' && caller.accounts !== 'all';
  if (tooMuch || !mayDo(caller, scope)) {
    const detail = tooMuch
      ? 'Metrics need a key for every account.'
      : `This needs a key with the scope ${scope}.`;
    return { problem: { status: 403, code: 'scope_missing', detail } };
  }
  return strangeAccount(caller, asked) ?? { caller };
}

/** The account that is asked for and that does not exist for this caller, answered as one that exists for nobody. */
function strangeAccount(caller: Caller, { query, routeOptions }: Asked): Verdict | null {
  if (caller.accounts === 'all') return null;
  if (!isAboutAnAccount(routeOptions.url) && routeOptions.config?.scope === undefined) return null;
  const { account = 'main' } = (query ?? {}) as { account?: unknown };
  const accountId = typeof account === 'string' ? account : '';
  return maySee(caller, accountId) ? null : { problem: problemOf(new UnknownAccountError(accountId)) };
}

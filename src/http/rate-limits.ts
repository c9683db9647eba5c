import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isLoopback } from '../access/loopback.js';
import type { Config } from '../config.js';
import type { Problem } from './problem.js';

const WINDOW_MS = 60_000;
/** Counters kept of each kind; of more keys or addresses than this the longest silent one is forgotten. */
const MOST_COUNTED = 10_000;

type Limiter = ReturnType<FastifyInstance['createRateLimit']>;

/**
 * How often somebody may ask in a minute: counted by key where there is one, else by address (of IPv6 the network, /64), and apart from
 * that how often an address may be turned away. Each counter is one step in a map of bounded size.
 */
export class RateLimits {
  private readonly callers: Limiter;
  private readonly addresses: Limiter;
  private readonly refused: Limiter;

  constructor(
    fastify: FastifyInstance,
    private readonly config: Config,
  ) {
    const bounds = { timeWindow: WINDOW_MS, cache: MOST_COUNTED };
    this.callers = fastify.createRateLimit({
      ...{ ...bounds, max: config.RATE_LIMIT },
      keyGenerator: (request: FastifyRequest) => request.caller?.id ?? '',
    });
    this.addresses = fastify.createRateLimit({ ...bounds, max: config.RATE_LIMIT });
    this.refused = fastify.createRateLimit({ ...bounds, max: config.RATE_LIMIT_REFUSED });
  }

  /** Nobody is counted: no limit is set, or this machine asks itself. */
  isOff(request: FastifyRequest, limit = this.config.RATE_LIMIT): boolean {
    return limit === 0 || (!this.config.RATE_LIMIT_LOOPBACK && isLoopback(request.ip));
  }

  /** Counts a request of somebody who was let in. Resolves to what he is told when it is one too many. */
  async count(request: FastifyRequest, byKey: boolean): Promise<Problem | null> {
    return tooMany(await (byKey ? this.callers : this.addresses)(request));
  }

  /** Whether this address was turned away so often that it is not even looked at. */
  async isShutOut(request: FastifyRequest): Promise<Problem | null> {
    if (this.isOff(request, this.config.RATE_LIMIT_REFUSED)) return null;
    const found = await this.refused(request, { increment: false });
    // One that has used up its share is refused before the next is tried.
    return found.isAllowed || found.remaining > 0 ? null : problemFor(found.ttlInSeconds || 1);
  }

  /** Counts a request that was turned away. */
  async countRefused(request: FastifyRequest): Promise<void> {
    if (!this.isOff(request, this.config.RATE_LIMIT_REFUSED)) await this.refused(request);
  }
}

type Counted = Awaited<ReturnType<Limiter>>;

function tooMany(found: Counted): Problem | null {
  return !found.isAllowed && found.isExceeded ? problemFor(found.ttlInSeconds) : null;
}

function problemFor(seconds: number): Problem {
  return {
    ...{ status: 429, code: 'too_many_requests', headers: { 'retry-after': String(seconds) } },
    detail: `Asked too often; again in ${seconds} s.`,
  };
}

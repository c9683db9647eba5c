import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../access/caller.js';
import { ANYBODY } from '../access/caller.js';
import type { Metrics } from '../ledger/metrics.js';
import { isTooMuch } from './bound-body.js';
import type { Doorkeeper, Verdict } from './doorkeeper.js';
import type { Problem } from './problem.js';
import { sendProblem } from './problem.filter.js';
import type { RateLimits } from './rate-limits.js';
import { setSecurityHeaders } from './security-headers.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set before any handler runs. */
    caller: Caller | null;
  }
}

/** The longest query that any route has a use for, many times over. */
const MOST_URL_CHARACTERS = 4_096;

/**
 * Puts the doorkeeper before every route of this instance, Nest's and bare ones alike, and before the answer that there is none. Whoever
 * needs no waiting and no counting (a known key, this machine's own address) goes through without a promise being made.
 */
export function guardDoor(
  fastify: FastifyInstance,
  { keeper, limits, metrics }: { keeper: Doorkeeper; limits: RateLimits; metrics: Metrics },
): void {
  const refuse = (request: FastifyRequest, reply: FastifyReply, problem: Problem): void => {
    metrics.turnedAway.inc({ door: 'http', code: problem.code });
    // Whoever is turned away never reaches the hook that sets them.
    setSecurityHeaders(reply);
    sendProblem(reply, problem, request.url);
  };
  fastify.decorateRequest('caller', null);
  fastify.addHook('onRequest', (request, reply, done) => {
    if (hasHungUp(request)) {
      reply.hijack();
      request.raw.destroy();
      return;
    }
    const verdict = malformed(request, reply) ?? keeper.authorizeAtOnce(request);
    if (verdict && 'caller' in verdict && limits.isOff(request)) {
      request.caller = verdict.caller;
      return done();
    }
    settle(request, verdict, keeper, limits).then(
      (problem) => (problem ? refuse(request, reply, problem) : done()),
      (error: unknown) => done(error as Error),
    );
  });
}

/** Whoever has no address any more can be neither counted nor answered. */
function hasHungUp({ raw }: FastifyRequest): boolean {
  return raw.socket.remoteAddress === undefined;
}

/** What no key makes better. HTTP/1.1 wants a host, and by it is told whether a page asks in another's name. */
function malformed(request: FastifyRequest, reply: FastifyReply): Verdict | null {
  const { url, raw } = request;
  if (isTooMuch(request, reply)) return TOO_LARGE;
  if (url.length > MOST_URL_CHARACTERS) return TOO_LONG;
  return raw.headers.host === undefined && raw.httpVersionMinor > 0 ? NO_HOST : null;
}

const NO_HOST: Verdict = {
  problem: { status: 400, code: 'request_malformed', detail: 'An HTTP/1.1 request names its host.' },
};
const TOO_LARGE: Verdict = {
  problem: { status: 413, code: 'body_too_large', detail: 'Nothing here is asked with a body.' },
};
const TOO_LONG: Verdict = {
  problem: { status: 414, code: 'url_too_long', detail: 'The URL is longer than any question here.' },
};

/** Verifies what must be verified and counts. Resolves to the problem of a request that does not come in. */
async function settle(
  request: FastifyRequest,
  atOnce: Verdict | null,
  keeper: Doorkeeper,
  limits: RateLimits,
): Promise<Problem | null> {
  const refused = atOnce === null || 'problem' in atOnce;
  const shutOut = refused ? await limits.isShutOut(request) : null;
  if (shutOut) return shutOut;
  const verdict = atOnce ?? (await keeper.verify(request));
  if ('problem' in verdict) {
    if (verdict.problem.status < 500) await limits.countRefused(request);
    return verdict.problem;
  }
  request.caller = verdict.caller;
  return limits.isOff(request) ? null : limits.count(request, verdict.caller !== ANYBODY);
}

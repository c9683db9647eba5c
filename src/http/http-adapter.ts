import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refuseConnection } from './client-error.js';
import { problemOf } from './problem-of.js';
import { sendProblem } from './problem.filter.js';

/** Nothing that we answer is asked with a body; one that comes all the same is read no further than this. */
const BODY_LIMIT_BYTES = 16 * 1024;
/** A whole request must have come within this time. */
const REQUEST_TIMEOUT_MS = 15_000;
/** Longer than load balancers keep a connection open, so that it is they who close it and no request meets a closed one. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** Fastify with our limits. What its router cannot even read is answered with a problem document too. */
export function createHttpAdapter(): FastifyAdapter {
  return new FastifyAdapter({
    logger: false,
    trustProxy: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    // While it drains, requests that are already on their way get their answer.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 128 },
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(reply, problemOf(error), request.url),
  });
}

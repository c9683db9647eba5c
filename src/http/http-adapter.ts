import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config.js';
import { BODY_LIMIT_BYTES } from './bound-body.js';
import { refuseConnection, refuseExpectation, refuseTunnel } from './client-error.js';
import { limitConnections } from './connections.js';
import { problemOf } from './problem-of.js';
import { sendProblem } from './problem.filter.js';
import { setSecurityHeaders } from './security-headers.js';

/** How often connections are looked through for those whose request takes too long. */
const CHECK_EVERY_MS = 1_000;
/** A connection on which nothing moves, in either direction, is cut: longer than a kept-alive one may rest. */
const SILENCE_MS = 75_000;
const MOST_HEADERS = 100;
const HEADER_BYTES = 16 * 1024;
/** Longer than load balancers keep a connection open, so that it is they who close it and no request meets a closed one. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

type HttpSettings = Pick<
  Config,
  'TRUST_PROXY' | 'REQUEST_TIMEOUT_MS' | 'MAX_CONNECTIONS' | 'MAX_CONNECTIONS_PER_ADDRESS'
>;

const PATIENCE = { silenceMs: SILENCE_MS, keepAliveMs: KEEP_ALIVE_TIMEOUT_MS };

/** Fastify with our limits. What its router cannot even read is answered with a problem document too. */
export function createHttpAdapter(
  config: HttpSettings,
  { silenceMs, keepAliveMs } = PATIENCE,
): FastifyAdapter {
  const { REQUEST_TIMEOUT_MS, TRUST_PROXY } = config;
  const adapter = new FastifyAdapter({
    logger: false,
    trustProxy: TRUST_PROXY.length > 0 ? [...TRUST_PROXY] : false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: silenceMs,
    keepAliveTimeout: keepAliveMs,
    http: {
      headersTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: Math.min(CHECK_EVERY_MS, REQUEST_TIMEOUT_MS),
      maxHeaderSize: HEADER_BYTES,
      // Node would refuse a request without one in its own way; `guardDoor` does it in ours.
      requireHostHeader: false,
    },
    // While it drains, requests that are already on their way get their answer.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 128 },
    clientErrorHandler: refuseConnection,
    frameworkErrors: refuseUnreadable,
  });
  const server = adapter.getInstance().server;
  server.maxHeadersCount = MOST_HEADERS;
  server.on('checkExpectation', refuseExpectation);
  server.on('connect', refuseTunnel);
  limitConnections(server, config);
  return adapter;
}

/** A URL that the router cannot read passes no door, so nobody counts it: its connection ends with the answer. */
function refuseUnreadable(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  reply.raw.shouldKeepAlive = false;
  setSecurityHeaders(reply);
  sendProblem(reply, problemOf(error), request.url);
}

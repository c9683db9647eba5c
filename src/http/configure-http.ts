import type { FastifyCorsOptions } from '@fastify/cors';
import cors from '@fastify/cors';
import rateLimit from '@fastify/rate-limit';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ServiceState } from '../health/service-state.js';
import type { Config } from '../config.js';
import { CONFIG } from '../config.js';
import { AnswerInterceptor } from './answer.interceptor.js';
import { Doorkeeper } from './doorkeeper.js';
import { guardDoor } from './guard-door.js';
import { Metrics } from '../ledger/metrics.js';
import { serveOpenApi } from './open-api.js';
import { pathOf } from './problem.js';
import { ProblemFilter } from './problem.filter.js';
import { QueryPipe } from './query.pipe.js';
import { RateLimits } from './rate-limits.js';
import { setSecurityHeaders } from './security-headers.js';
import { cutSlowReaders } from './slow-readers.js';
import { SnapshotsAhead } from './snapshots-ahead.js';
import { StartedGuard } from './started.guard.js';

/** An answer from memory takes a millisecond; one that took this long is worth a line. */
const SLOW_MS = 1_000;

/**
 * Everything that holds for every route: who may come in, the query checked at the door, answers and errors as text of our own, security
 * headers, the access log, the documentation. Call before `init` or `listen`, on an application made with `createHttpAdapter`.
 */
export async function configureHttp(app: NestFastifyApplication): Promise<void> {
  const config = app.get<Config>(CONFIG);
  app.useGlobalGuards(new StartedGuard(app.get(ServiceState)));
  app.useGlobalPipes(new QueryPipe());
  app.useGlobalInterceptors(new AnswerInterceptor());
  app.useGlobalFilters(new ProblemFilter());
  const instance = app.getHttpAdapter().getInstance();
  if (config.CORS_ORIGINS.length > 0) await app.register(cors, { delegator: corsFor(config) });
  await app.register(rateLimit, { global: false });
  guardDoor(instance, {
    keeper: app.get(Doorkeeper),
    limits: new RateLimits(instance, config),
    metrics: app.get(Metrics),
  });
  // Behind the door, as every route.
  new SnapshotsAhead(app).register(instance);
  instance.addHook('onRequest', (_request, reply, next) => {
    setSecurityHeaders(reply);
    next();
  });
  instance.addHook('onResponse', logAccess);
  const { turnedAway } = app.get(Metrics);
  cutSlowReaders(instance.server, config.REQUEST_TIMEOUT_MS, () =>
    turnedAway.inc({ door: 'http', code: 'answer_read_too_slowly' }),
  );
  serveOpenApi(app);
}

/**
 * Pages of these origins may read. A key goes in a header that they set; cookies mean nothing here. Only what a browser asks before it
 * asks is answered ahead of the door; an OPTIONS of anybody else comes to the door as every other method.
 */
function corsFor({ CORS_ORIGINS }: Config) {
  const options = {
    origin: CORS_ORIGINS.includes('*') ? '*' : [...CORS_ORIGINS],
    methods: ['GET', 'HEAD'],
    allowedHeaders: ['authorization', 'x-api-key', 'if-none-match'],
    exposedHeaders: ['etag', 'retry-after'],
    maxAge: 600,
  };
  const ordinary = { ...options, preflight: false };
  return (request: FastifyRequest, told: (error: Error | null, options?: FastifyCorsOptions) => void): void =>
    told(null, isPreflight(request) ? options : ordinary);
}

function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && Boolean(headers.origin && headers['access-control-request-method']);
}

const logger = new Logger('Http');

/** Slow answers and our own failures are told; the rest only to who debugs. Queries stay out: one day they may hold a key. */
function logAccess(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const ms = Math.round(reply.elapsedTime);
  const isWorthALine = ms >= SLOW_MS || (reply.statusCode >= 500 && reply.statusCode !== 503);
  if (isWorthALine || Logger.isLevelEnabled('debug')) {
    const { method, url } = request;
    const line = { msg: 'answered', method, path: pathOf(url), status: reply.statusCode, ms };
    if (isWorthALine) logger.warn(line);
    else logger.debug(line);
  }
  done();
}

import { HttpException } from '@nestjs/common';
import { UnknownAccountError } from '../ledger/account-reader.js';
import { UnknownMetricError } from '../portfolio/domain/explain/metric.js';
import { CursorError } from '../positions/trade-cursor.js';
import { isError, isTransient } from '../shared/errors.js';
import type { Json } from '../shared/json-text.js';
import type { Problem, ProblemCode } from './problem.js';
import { ProblemError } from './problem.js';

const RETRY_SOON = { 'retry-after': '1' };

/** What the framework refuses by itself, by its status. */
const REFUSALS: Readonly<Record<number, ProblemCode>> = {
  400: 'request_malformed',
  404: 'route_unknown',
  405: 'method_not_allowed',
  413: 'body_too_large',
  414: 'url_too_long',
  415: 'media_type_unsupported',
};

/** The problem that an error is answered with. What it says comes from us or from the framework, never from a stack. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof UnknownAccountError) {
    return { status: 404, code: 'account_unknown', detail: `There is no account ${error.accountId}.` };
  }
  if (error instanceof CursorError)
    return { status: 400, code: 'cursor_malformed', detail: `cursor ${error.message}` };
  if (error instanceof UnknownMetricError)
    return { status: 400, code: 'metric_unknown', detail: error.message };
  const status = statusOf(error);
  if (status >= 400 && status < 500) return refused(status, error as Error);
  if (error instanceof HttpException && status === 503) return notReady(error);
  if (isTransient(error)) {
    const detail = 'What the answer needs is away; try again soon.';
    return { status: 503, code: 'dependency_unavailable', detail, headers: RETRY_SOON };
  }
  return { status: 500, code: 'internal_error', detail: 'The answer could not be made; the log says why.' };
}

/** Nest's exceptions carry a status, and so do Fastify's errors about a request that it could not read. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = isError(error) && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' ? status : 500;
}

function refused(status: number, error: Error): Problem {
  const detail = status === 404 ? 'There is nothing here; /docs lists the routes.' : error.message;
  return { status, code: REFUSALS[status] ?? 'request_refused', detail };
}

/** The health check's own findings go along, so that a probe's log says which dependency it was. */
function notReady(error: HttpException): Problem {
  const findings = error.getResponse();
  const more =
    typeof findings === 'object' && 'details' in findings ? { details: findings.details as Json } : {};
  return { status: 503, code: 'not_ready', detail: 'Not ready to serve; the details say why.', more };
}

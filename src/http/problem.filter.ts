import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Catch, Logger, NotFoundException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from './problem.js';
import { PROBLEM_TYPE, pathOf, problemText } from './problem.js';
import { problemOf } from './problem-of.js';

/** Every error that leaves over HTTP leaves here, as a problem document; only what we did not foresee is logged as an error. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = otherMethod(error, request) ?? problemOf(error);
    if (problem.code === 'internal_error')
      this.logger.error({ err: error, method: request.method, path: pathOf(request.url) });
    else if (problem.code === 'dependency_unavailable')
      this.logger.warn({ err: error, path: pathOf(request.url) });
    sendProblem(reply, problem, request.url);
  }
}

export function sendProblem(reply: FastifyReply, problem: Problem, url: string): void {
  if (reply.sent) return;
  void reply
    .code(problem.status)
    .headers({ 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store', ...problem.headers })
    .send(problemText(problem, pathOf(url)));
}

/** A path that exists for GET, asked with another method, is not unknown. */
function otherMethod(error: unknown, request: FastifyRequest): Problem | null {
  if (!(error instanceof NotFoundException) || ['GET', 'HEAD'].includes(request.method)) return null;
  if (!request.server.hasRoute({ method: 'GET', url: pathOf(request.url) })) return null;
  const detail = `${request.method} is not possible here: the service is read only.`;
  return { status: 405, code: 'method_not_allowed', detail, headers: { allow: 'GET, HEAD' } };
}

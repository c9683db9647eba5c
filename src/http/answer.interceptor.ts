import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { map } from 'rxjs';
import { Answer, answerText } from '../portfolio/answer.js';
import type { Json } from '../shared/json-text.js';
import { jsonText } from '../shared/json-text.js';
import { isKnown } from './entity-tag.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/** What an answer from memory carries beside its ETag. */
export const ANSWER_HEADERS = { 'content-type': JSON_TYPE, 'cache-control': 'private, no-cache' } as const;

/** Turns what routes found into text ourselves: a serializer would pass decimals through binary floats. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(map((found: unknown) => textOf(found, request, reply)));
  }
}

function textOf(found: unknown, request: FastifyRequest, reply: FastifyReply): string {
  if (typeof found === 'string') return found;
  void reply.header('content-type', JSON_TYPE);
  if (found instanceof Answer) return tagged(found, request, reply);
  void reply.header('cache-control', 'no-store');
  return jsonText(found as Json);
}

/** The query was checked before the route ran, so `numbers` is one of two words here. */
function tagged(answer: Answer, request: FastifyRequest, reply: FastifyReply): string {
  const { numbers } = request.query as { numbers?: string };
  const { text, tag } = answerText(answer, numbers === 'string');
  void reply.headers({ ...ANSWER_HEADERS, etag: tag });
  if (!isKnown(tag, request.headers['if-none-match'])) return text;
  void reply.code(304).removeHeader('content-type');
  return '';
}

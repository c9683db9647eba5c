import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { map } from 'rxjs';
import { Answer } from '../portfolio/answer.js';
import type { Json } from '../shared/json-text.js';
import { jsonText } from '../shared/json-text.js';
import { entityTag, isKnown } from './entity-tag.js';

const JSON_TYPE = 'application/json; charset=utf-8';

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
  if (found instanceof Answer) return answerText(found, request, reply);
  void reply.header('cache-control', 'no-store');
  return jsonText(found as Json);
}

/** The query was checked before the route ran, so `numbers` is one of two words here. */
function answerText({ members, timestamp }: Answer, request: FastifyRequest, reply: FastifyReply): string {
  const { numbers } = request.query as { numbers?: string };
  const text = jsonText(members, numbers === 'string');
  const tag = entityTag(text);
  void reply.headers({ etag: tag, 'cache-control': 'private, no-cache' });
  if (isKnown(tag, request.headers['if-none-match'])) {
    void reply.code(304).removeHeader('content-type');
    return '';
  }
  return `${text.slice(0, -1)},"timestamp":${JSON.stringify(timestamp)}}`;
}

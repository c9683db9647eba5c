import type { Type } from '@nestjs/common';
import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ProblemBody } from './problem.body.js';

const problem = (status: number, description: string) =>
  ApiResponse({
    status,
    description,
    content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemBody) } } },
  });

/** Documents what a route answers with, and each way in which it may not. */
export function Answers(body: Type<unknown>): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(ProblemBody),
    ApiOkResponse({
      type: body,
      headers: {
        ETag: {
          description: 'Weak; changes with the answer, not with its timestamp.',
          schema: { type: 'string' },
        },
      },
    }),
    ApiResponse({ status: 304, description: 'The asker has it already (`If-None-Match`).' }),
    problem(
      400,
      'A parameter is unknown or malformed: `parameter_unknown`, `parameter_malformed`, `cursor_malformed`, `metric_unknown`.',
    ),
    problem(404, 'No such account: `account_unknown`.'),
    problem(503, 'Still starting, or a dependency is away: `starting`, `dependency_unavailable`.'),
  );
}

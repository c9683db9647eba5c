import { ApiExtraModels, ApiOkResponse, ApiProperty, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { applyDecorators } from '@nestjs/common';
import { ProblemBody } from '../portfolio/bodies/problem.body.js';

/** What a probe answers, in the shape of Terminus. */
class ProbeBody {
  @ApiProperty({ enum: ['ok'], description: 'A probe that says no is a problem document.' })
  readonly status!: string;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'object' },
    description: 'Each dependency that was asked: `status` is `up` or `down`.',
    example: { postgres: { status: 'up' } },
  })
  readonly details!: Record<string, { status: string }>;
}

/** Documents a probe. Terminus would do it in words that are not true here, and would load Swagger and half of Nest a second time for it. */
export function AnswersProbe(): MethodDecorator {
  return applyDecorators(ApiExtraModels(ProblemBody), ApiOkResponse({ type: ProbeBody }));
}

/** Documents a probe that may say no. */
export function MayRefuse(description: string): MethodDecorator {
  return ApiResponse({
    status: 503,
    description,
    content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemBody) } } },
  });
}

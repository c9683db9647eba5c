import { ApiProperty } from '@nestjs/swagger';
import { Text } from './fields.js';

/** Why there is no answer (RFC 9457), as `application/problem+json`. */
export class ProblemBody {
  @Text('Names the kind of problem; the code with a prefix.', {
    example: 'urn:portfolio-intelligence:problem:account_unknown',
  })
  readonly type!: string;
  @Text('The kind of problem in words.', { example: 'No such account' })
  readonly title!: string;
  @ApiProperty({ type: 'integer', description: 'The HTTP status.', example: 404 })
  readonly status!: number;
  @Text('What is wrong with this request.', { example: 'There is no account nobody.' })
  readonly detail!: string;
  @Text('Stable; the one to decide by.', { example: 'account_unknown' })
  readonly code!: string;
  @Text('The path that was asked for.', { example: '/api/portfolio/snapshot' })
  readonly instance!: string;
}

import type { ApiPropertyOptions } from '@nestjs/swagger';
import { ApiProperty } from '@nestjs/swagger';

/** An exact number as it goes over the wire: a JSON number with all its digits, or with `numbers=string` the same digits as text. */
const EXACT = {
  oneOf: [{ type: 'number' }, { type: 'string', pattern: '^-?\\d+(\\.\\d+)?$' }],
};

type Described = (description: string, example?: string) => PropertyDecorator;

const exact =
  (nullable: boolean): Described =>
  (description, example) =>
    // A nullable oneOf needs its null said twice: once for generators of clients, once in the text for people.
    ApiProperty({
      ...EXACT,
      description,
      ...(nullable && { nullable }),
      ...(example && { example: example }),
    });

/** An exact decimal; the description says its unit and sign. */
export const Exact = exact(false);

/** An exact decimal or null; the description says when it is null. */
export const ExactOrNull = exact(true);

/** An object from names (symbols, sectors) to exact decimals. */
export const ExactByName: Described = (description, example) =>
  ApiProperty({
    type: 'object',
    additionalProperties: EXACT,
    description,
    ...(example && { example: JSON.parse(example) as object }),
  });

/** A count. */
export const Count: Described = (description) => ApiProperty({ type: 'integer', minimum: 0, description });

/** A count or null; the description says when it is null. */
export const CountOrNull: Described = (description) =>
  ApiProperty({ type: 'integer', minimum: 0, nullable: true, description });

export const Text = (description: string, options: ApiPropertyOptions = {}): PropertyDecorator =>
  ApiProperty({ type: 'string', description, ...options });

export const TextOrNull = (description: string, options: ApiPropertyOptions = {}): PropertyDecorator =>
  Text(description, { ...options, nullable: true });

export const Flag = (description: string): PropertyDecorator => ApiProperty({ type: 'boolean', description });

/** A moment as ISO text in UTC. */
export const Moment = (description: string): PropertyDecorator => Text(description, { format: 'date-time' });

export const MomentOrNull = (description: string): PropertyDecorator =>
  TextOrNull(description, { format: 'date-time' });

import type { ArgumentMetadata, ValidationError } from '@nestjs/common';
import { Injectable, ValidationPipe } from '@nestjs/common';
import { ProblemError } from './problem.js';

const SHOWN_CHARACTERS = 40;

/** Checks a route's query once, at the door: what it does not know or cannot read is refused, never ignored. */
@Injectable()
export class QueryPipe extends ValidationPipe {
  constructor() {
    super({ transform: true, whitelist: true, forbidNonWhitelisted: true, exceptionFactory: refusalOf });
  }

  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    return metadata.type === 'query' ? super.transform(value, metadata) : Promise.resolve(value);
  }
}

function refusalOf(errors: ValidationError[]): ProblemError {
  const [first] = errors;
  const broken = Object.entries(first?.constraints ?? {});
  const unknown = broken.some(([rule]) => rule === 'whitelistValidation');
  const name = first?.property.slice(0, SHOWN_CHARACTERS) ?? 'query';
  if (unknown) return new ProblemError({ status: 400, code: 'parameter_unknown', detail: `${name} is not a parameter of this route.` });
  const [, says = `${name} cannot be read`] = broken[0] ?? [];
  return new ProblemError({ status: 400, code: 'parameter_malformed', detail: `${says}.` });
}

import type { ArgumentMetadata, ValidationError } from '@nestjs/common';
import { Injectable, ValidationPipe } from '@nestjs/common';
import { ProblemError } from './problem.js';

const SHOWN_CHARACTERS = 40;
/** Names that class-transformer leaves out on its way, so that nobody would say that they are unknown. */
const PASSED_OVER = new Set(['__proto__', 'constructor']);

/** Checks a route's query once, at the door: what it does not know or cannot read is refused, never ignored. */
@Injectable()
export class QueryPipe extends ValidationPipe {
  constructor() {
    super({ transform: true, whitelist: true, forbidNonWhitelisted: true, exceptionFactory: refusalOf });
  }

  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type !== 'query') return Promise.resolve(value);
    const passedOver = Object.keys(value as object).find((name) => PASSED_OVER.has(name));
    if (passedOver) throw unknown(passedOver);
    return super.transform(value, metadata);
  }
}

function unknown(name: string): ProblemError {
  return new ProblemError({
    status: 400,
    code: 'parameter_unknown',
    detail: `${name} is not a parameter of this route.`,
  });
}

function refusalOf(errors: ValidationError[]): ProblemError {
  const [first] = errors;
  const broken = Object.entries(first?.constraints ?? {});
  const name = first?.property.slice(0, SHOWN_CHARACTERS) ?? 'query';
  if (broken.some(([rule]) => rule === 'whitelistValidation')) return unknown(name);
  const [, says = `${name} cannot be read`] = broken[0] ?? [];
  return new ProblemError({ status: 400, code: 'parameter_malformed', detail: `${says}.` });
}

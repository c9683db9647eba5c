import type { ExecutionContext } from '@nestjs/common';
import { createParamDecorator } from '@nestjs/common';
import type { Caller } from './caller.js';

/** The caller of an HTTP request, as the door found him; for a handler that answers by who asks. */
export const AskedBy = createParamDecorator((_: undefined, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<{ caller: Caller | null }>();
  if (!caller) throw new Error('a request reached a handler without passing the door');
  return caller;
});

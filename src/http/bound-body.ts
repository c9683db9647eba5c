import type { FastifyReply, FastifyRequest } from 'fastify';

/** Nothing that we answer is asked with a body; one that comes all the same is read no further than this. */
export const BODY_LIMIT_BYTES = 16 * 1024;

/**
 * Whether a request says that its body is larger than any that is read. The connection of such a one, and of one that does not say how
 * much will come, ends with the answer: else Node reads what is left and throws it away for as long as a request may take, also from those
 * who were turned away.
 */
export function isTooMuch({ headers }: FastifyRequest, { raw }: FastifyReply): boolean {
  const { 'content-length': length, 'transfer-encoding': coding } = headers;
  const isTooLarge = length !== undefined && Number(length) > BODY_LIMIT_BYTES;
  if (isTooLarge || coding !== undefined) raw.shouldKeepAlive = false;
  return isTooLarge;
}

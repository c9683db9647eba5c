import type { Json } from '../shared/json-text.js';

/** The members of an answer. Decimals in it stay exact until they are text. */
export type AnswerBody = { readonly [key: string]: Json };

/**
 * What a route found: the members that say something, apart from the moment it was said, so that two answers which differ only
 * in their timestamp are known to be the same.
 */
export class Answer {
  private constructor(
    readonly members: AnswerBody,
    /** ISO, UTC. */
    readonly timestamp: string,
  ) {}

  static of({ timestamp, ...members }: AnswerBody & { readonly timestamp: string }): Answer {
    return new Answer(members, timestamp);
  }
}

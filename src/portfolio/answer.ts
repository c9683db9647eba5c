import { createHash } from 'node:crypto';
import type { Json } from '../shared/json-text.js';
import { jsonText } from '../shared/json-text.js';

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

/** A weak ETag of what an answer says: equal texts have equal tags, on every replica and after every restart. */
export function entityTag(text: string): string {
  return `W/"${createHash('sha1').update(text).digest('base64url')}"`;
}

/** An answer as JSON text, and the tag of what it says apart from when it was said. */
export function answerText({ members, timestamp }: Answer, strings = false): { text: string; tag: string } {
  const text = jsonText(members, strings);
  return {
    text: `${text.slice(0, -1)},"timestamp":${JSON.stringify(timestamp)}}`,
    tag: entityTag(text),
  };
}

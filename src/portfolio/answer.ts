import { hash } from 'node:crypto';
import type { Json, Unchanging } from '../shared/json-text.js';
import { isUnchanging, jsonText } from '../shared/json-text.js';
import type { ListBytes } from './list-bytes.js';

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
  return `W/"${digestOf(text)}"`;
}

const DIGESTS = [new WeakMap<Unchanging, string>(), new WeakMap<Unchanging, string>()] as const;

/** So many parts of a list are written and digested together: few enough that one that changed costs little, of a thousand. */
export const CHUNK = 8;

/** What stands for a chunk of a list in the text that a tag is made of. */
export function digestOfChunk(digests: readonly string[]): string {
  return digestOf(digests.join(','));
}

/** Of a part that never changes, digested once: an answer may have a thousand of them. */
export function digestOfPart(part: Unchanging, strings = false): string {
  const digests = DIGESTS[strings ? 1 : 0];
  const known = digests.get(part);
  if (known !== undefined) return known;
  const digest = digestOf(part.text(strings));
  digests.set(part, digest);
  return digest;
}

function digestOf(text: string): string {
  return hash('sha1', text, 'base64url');
}

/** An answer as JSON text, and the tag of what it says apart from when it was said. */
export function answerText({ members, timestamp }: Answer, strings = false): { text: string; tag: string } {
  const text = jsonText(members, strings);
  const lists = Object.entries(members).filter(([, member]) => isUnchangingList(member));
  const digests = lists.map(([name, list]): [string, Json] => [
    name,
    digestsOf(list as readonly Unchanging[], strings),
  ]);
  const told = lists.length === 0 ? text : jsonText({ ...members, ...Object.fromEntries(digests) }, strings);
  return { text: `${text.slice(0, -1)},"timestamp":${JSON.stringify(timestamp)}}`, tag: entityTag(told) };
}

function isUnchangingList(member: Json): boolean {
  return Array.isArray(member) && member.length > 0 && isUnchanging(member[0]);
}

function digestsOf(parts: readonly Unchanging[], strings: boolean): string[] {
  const digests = parts.map((part) => digestOfPart(part, strings));
  return Array.from({ length: Math.ceil(parts.length / CHUNK) }, (_, chunk) =>
    digestOfChunk(digests.slice(chunk * CHUNK, (chunk + 1) * CHUNK)),
  );
}

const LIST = '"positions":[';

/** The same of a snapshot, in pieces of bytes: its positions are those of `list`, which writes only what is new. */
export function snapshotPieces(
  { members, timestamp }: Answer,
  list: ListBytes,
): { pieces: Buffer[]; tag: string } {
  const text = jsonText({ ...members, positions: [] });
  const at = text.indexOf(LIST) + LIST.length;
  const [before, after] = [text.slice(0, at), text.slice(at)];
  list.follow(members.positions as readonly Unchanging[]);
  const last = `${after.slice(0, -1)},"timestamp":${JSON.stringify(timestamp)}}`;
  return {
    pieces: [Buffer.from(before), ...list.pieces, Buffer.from(last)],
    tag: entityTag(`${before}${list.told}${after}`),
  };
}

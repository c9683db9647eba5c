import { Refusal } from '../../ledger/facts.js';
import type { Micros } from '../../ledger/facts.js';
import { Fields } from './fields.js';
import { MAX_DEPTH, MAX_TEXT_LENGTH, parseJson } from './json.js';
import type { Json } from './json.js';

/** A message as it was found: what it says, the envelope around it if there is one, and when it came. */
export interface WireMessage {
  readonly eventType: string;
  readonly body: Fields;
  readonly envelope: Fields | null;
  /** The transport's own time of arrival, for messages that carry none. */
  readonly fallbackTime: Micros | null;
  /** `{init: "1"}`: somebody made sure that the stream exists. */
  readonly isMarker: boolean;
}

const ENVELOPE = new Set([
  'event_type',
  'trace_id',
  'correlation_id',
  'timestamp',
  'source',
  'payload',
  'data',
]);
const MARKER = new Set([...ENVELOPE, 'init']);

/** The fields of a stream entry: as ioredis gives them (name, value, name, value …) or as an object. */
export type EntryFields = readonly string[] | Readonly<Record<string, string>>;

/** Opens a stream entry in any of its forms. Throws Refusal when it is too large, too deep or not what it claims. */
export function openEntry(eventType: string, entry: EntryFields, fallbackTime: Micros | null): WireMessage {
  return open(eventType, members(entry), fallbackTime);
}

/** Opens what a pub/sub peer sent, already parsed or still JSON text, bare or wrapped like a stream entry. */
export function openPayload(eventType: string, payload: unknown, fallbackTime: Micros | null): WireMessage {
  const outer = typeof payload === 'string' ? parseJson(payload) : toJson(payload, 1);
  return open(eventType, objectOf(outer), fallbackTime);
}

function members(entry: EntryFields): ReadonlyMap<string, Json> {
  const found = new Map<string, Json>();
  let length = 0;
  for (const [name, value] of isList(entry) ? pairs(entry) : Object.entries(entry)) {
    length += name.length + value.length;
    if (length > MAX_TEXT_LENGTH)
      throw new Refusal('payload_too_large', `entry has over ${MAX_TEXT_LENGTH} characters`);
    found.set(name, value);
  }
  return found;
}

function isList(entry: EntryFields): entry is readonly string[] {
  return Array.isArray(entry);
}

function* pairs(list: readonly string[]): Generator<readonly [string, string]> {
  for (let index = 0; index < list.length; index += 2) yield [list[index]!, list[index + 1] ?? ''];
}

function open(eventType: string, outer: ReadonlyMap<string, Json>, fallbackTime: Micros | null): WireMessage {
  const around = new Fields(outer);
  const wrapped = wrappedIn(outer, around);
  if (wrapped === undefined) return message(eventType, around, null, fallbackTime);
  const body = new Fields(objectOf(typeof wrapped === 'string' ? parseJson(wrapped) : wrapped));
  return message(eventType, body, around, fallbackTime);
}

function message(
  eventType: string,
  body: Fields,
  envelope: Fields | null,
  fallbackTime: Micros | null,
): WireMessage {
  const isMarker = body.has('init') && body.hasOnly(MARKER);
  if (body.hasOnly(ENVELOPE)) throw new Refusal('payload_empty', 'the message has no payload');
  return { eventType, body, envelope, fallbackTime, isMarker };
}

/** `payload` always wraps; `data` only when it is an object or nothing else is said, as flat messages may use the name. */
function wrappedIn(outer: ReadonlyMap<string, Json>, around: Fields): Json | undefined {
  if (around.has('payload')) return outer.get('payload') ?? undefined;
  const data = outer.get('data');
  const isObject = data instanceof Map || (typeof data === 'string' && data.trimStart().startsWith('{'));
  return isObject || (around.has('data') && around.hasOnly(ENVELOPE)) ? data : undefined;
}

function objectOf(value: Json): ReadonlyMap<string, Json> {
  if (value instanceof Map) return value as ReadonlyMap<string, Json>;
  throw new Refusal('payload_not_an_object', 'payload is not a JSON object');
}

/** A parsed value in the decoder's own form: numbers become the shortest text that reads back as the same double. */
function toJson(value: unknown, depth: number): Json {
  if (depth > MAX_DEPTH) throw new Refusal('payload_too_deep', `payload nests deeper than ${MAX_DEPTH}`);
  if (typeof value === 'string') return checkedLength(value);
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) return value.map((each: unknown) => toJson(each, depth + 1));
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'NaN' : value.toISOString();
  return new Map(Object.entries(value).map(([name, each]) => [name, toJson(each, depth + 1)]));
}

function checkedLength(text: string): string {
  if (text.length <= MAX_TEXT_LENGTH) return text;
  throw new Refusal('payload_too_large', `payload has over ${MAX_TEXT_LENGTH} characters`);
}

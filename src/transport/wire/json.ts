import { Refusal } from '../../ledger/facts.js';

/**
 * A JSON value as the wire decoder sees it. A number is its exact source text: a double would lose digits of
 * prices and microseconds. Bare `NaN` and `Infinity`, which Python writes, are the texts 'NaN' and 'Infinity'.
 * An object is a Map, so that a key such as `__proto__` is a key like any other.
 */
export type Json = string | boolean | null | readonly Json[] | ReadonlyMap<string, Json>;

/** Longest text that is looked at, in UTF-16 units. */
export const MAX_TEXT_LENGTH = 1_048_576;
/**
 * A part of an entry as text. Of one that is longer than any that is looked at only so much as is too long as well: it is refused for
 * that, and a copy of 64 MB would help nobody. A character has up to three bytes.
 */
export function textOf(part: Buffer): string {
  return part.toString('utf8', 0, 3 * (MAX_TEXT_LENGTH + 1));
}

/** Deepest nesting that is looked at; it also bounds the recursion. */
export const MAX_DEPTH = 32;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERALS: readonly (readonly [string, Json])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', 'NaN'],
  ['Infinity', 'Infinity'],
  ['-Infinity', '-Infinity'],
];

/**
 * Parses a JSON text; of a repeated key the last value counts, as with JSON.parse. Throws Refusal
 * `payload_too_large`, `payload_too_deep` or `malformed_json`.
 */
export function parseJson(text: string): Json {
  if (text.length > MAX_TEXT_LENGTH)
    throw new Refusal('payload_too_large', `payload has ${text.length} characters`);
  return new JsonReader(text).document();
}

class JsonReader {
  private at = 0;

  constructor(private readonly text: string) {}

  document(): Json {
    const value = this.value(0);
    this.skipSpace();
    if (this.at < this.text.length) throw this.malformed();
    return value;
  }

  private value(depth: number): Json {
    this.skipSpace();
    switch (this.text[this.at]) {
      case '{':
        return this.object(depth + 1);
      case '[':
        return this.array(depth + 1);
      case '"':
        return this.string();
      default:
        return this.literal();
    }
  }

  private object(depth: number): Json {
    this.enter(depth);
    const members = new Map<string, Json>();
    if (this.takes('}')) return members;
    do {
      this.skipSpace();
      if (this.text[this.at] !== '"') throw this.malformed();
      const name = this.string();
      if (!this.takes(':')) throw this.malformed();
      members.set(name, this.value(depth));
    } while (this.takes(','));
    if (!this.takes('}')) throw this.malformed();
    return members;
  }

  private array(depth: number): Json {
    this.enter(depth);
    const values: Json[] = [];
    if (this.takes(']')) return values;
    do values.push(this.value(depth));
    while (this.takes(','));
    if (!this.takes(']')) throw this.malformed();
    return values;
  }

  private enter(depth: number): void {
    if (depth > MAX_DEPTH) throw new Refusal('payload_too_deep', `payload nests deeper than ${MAX_DEPTH}`);
    this.at += 1;
  }

  private string(): string {
    const start = this.at;
    let escaped = false;
    for (this.at += 1; this.at < this.text.length; this.at += 1) {
      const code = this.text.charCodeAt(this.at);
      if (code === 34 /* " */) return this.unescaped(start, escaped);
      if (code < 32) break;
      if (code !== 92 /* \ */) continue;
      escaped = true;
      this.at += 1;
    }
    throw this.malformed();
  }

  private unescaped(start: number, escaped: boolean): string {
    this.at += 1;
    if (!escaped) return this.text.slice(start + 1, this.at - 1);
    try {
      return JSON.parse(this.text.slice(start, this.at)) as string;
    } catch {
      // An escape that JSON does not know; where it stands is all that the sender needs.
      throw this.malformed();
    }
  }

  private literal(): Json {
    NUMBER.lastIndex = this.at;
    const number = NUMBER.exec(this.text)?.[0];
    if (number !== undefined) {
      this.at += number.length;
      return number;
    }
    const literal = LITERALS.find(([word]) => this.text.startsWith(word, this.at));
    if (!literal) throw this.malformed();
    this.at += literal[0].length;
    return literal[1];
  }

  private takes(mark: string): boolean {
    this.skipSpace();
    if (this.text[this.at] !== mark) return false;
    this.at += 1;
    return true;
  }

  private skipSpace(): void {
    for (; this.at < this.text.length; this.at += 1) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
    }
  }

  private malformed(): Refusal {
    return new Refusal('malformed_json', `payload is not JSON: unexpected at character ${this.at}`);
  }
}

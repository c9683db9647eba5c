import { ReplyCursor } from './reply-cursor.js';

const LINE_END = Buffer.from('\r\n');
const ARRAY = 42;

/**
 * An entry of a stream where it lies in an answer of Redis: an array of its id and its fields, names and values in turns. Prices come
 * 100 000 a second, and of their thirteen parts three are looked at: none is cut out before somebody asks for it.
 */
export class EntryBytes {
  constructor(
    private readonly reply: Buffer,
    private readonly start: number,
  ) {}

  /** An entry that did not come in an answer, in the form of one that did. */
  static of(id: string, fields: readonly Buffer[]): EntryBytes {
    const parts = fields.flatMap((field) => [Buffer.from(`$${field.length}\r\n`), field, LINE_END]);
    const head = `*2\r\n$${Buffer.byteLength(id)}\r\n${id}\r\n*${fields.length}\r\n`;
    return new EntryBytes(Buffer.concat([Buffer.from(head), ...parts]), 0);
  }

  /** The entries of an array of them, in their order; leaves the cursor behind it. */
  static all(cursor: ReplyCursor): EntryBytes[] {
    const entries = new Array<EntryBytes>(cursor.array());
    for (let index = 0; index < entries.length; index += 1) {
      entries[index] = new EntryBytes(cursor.bytes, cursor.at);
      cursor.skip();
    }
    return entries;
  }

  get id(): string {
    const cursor = new ReplyCursor(this.reply, this.start);
    cursor.array();
    return textOf(cursor).toString();
  }

  /** Names and values in turns, as copies: whoever keeps them does not keep the whole answer. */
  get fields(): Buffer[] {
    const cursor = this.cursor();
    return Array.from({ length: cursor.array() }, () => Buffer.from(textOf(cursor)));
  }

  /** Stands at the array of the fields. */
  cursor(): ReplyCursor {
    const cursor = new ReplyCursor(this.reply, this.start);
    cursor.array();
    cursor.text();
    return cursor;
  }
}

/** What XREAD answered: the streams that had something, each with its entries. Throws for what is no such answer. */
export function streamsIn(reply: Buffer): [stream: string, entries: EntryBytes[]][] {
  const cursor = arrayIn(reply);
  return Array.from({ length: cursor.array() }, () => {
    cursor.array();
    return [textOf(cursor).toString(), EntryBytes.all(cursor)];
  });
}

/** What XRANGE or XREVRANGE answered. Throws for what is no such answer. */
export function entriesIn(reply: Buffer): EntryBytes[] {
  return EntryBytes.all(arrayIn(reply));
}

function arrayIn(reply: Buffer): ReplyCursor {
  if (reply[0] !== ARRAY) throw new Error('Redis answered with something else than entries');
  return new ReplyCursor(reply);
}

/** The next text, without a copy. */
function textOf(cursor: ReplyCursor): Buffer {
  cursor.text();
  return cursor.bytes.subarray(cursor.start, cursor.at - LINE_END.length);
}

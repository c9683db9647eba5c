import fc from 'fast-check';
import { ReplyGathering } from '../../../src/transport/reply-gathering.js';
import { EntryBytes, entriesIn, streamsIn } from '../../../src/transport/wire/entry-bytes.js';
import { ReplyCursor } from '../../../src/transport/wire/reply-cursor.js';

type Value = null | number | Buffer | Value[];

/** What Redis would write for a value. */
function written(value: Value): Buffer {
  if (value === null) return Buffer.from('$-1\r\n');
  if (typeof value === 'number') return Buffer.from(`:${value}\r\n`);
  if (Buffer.isBuffer(value))
    return Buffer.concat([Buffer.from(`$${value.length}\r\n`), value, Buffer.from('\r\n')]);
  return Buffer.concat([Buffer.from(`*${value.length}\r\n`), ...value.map(written)]);
}
const bytes = (text: string) => Buffer.from(text);
const texts = (entry: EntryBytes) => [entry.id, entry.fields.map((field) => field.toString('latin1'))];
const gather = (pieces: readonly Buffer[]) => {
  const gathering = new ReplyGathering();
  return pieces.map((piece) => gathering.add(piece));
};

describe('an answer of Redis as bytes', () => {
  const { value } = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constant(null),
      fc.integer(),
      fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array)),
      fc.array(tie('value'), { maxLength: 5 }) as fc.Arbitrary<Value>,
    ),
  }));

  test('is whole when its last byte is there, wherever its pieces end', () => {
    fc.assert(
      fc.property(value, fc.array(fc.nat(), { maxLength: 6 }), (each, cuts) => {
        const whole = written(each);
        const ends = [...new Set(cuts.map((cut) => 1 + (cut % whole.length)))].sort((a, b) => a - b);
        const edges = [0, ...ends.filter((end) => end < whole.length), whole.length];
        const pieces = edges.slice(1).map((end, index) => whole.subarray(edges[index], end));
        const gathered = gather(pieces);
        expect(gathered.slice(0, -1).every((reply) => reply === null)).toBe(true);
        expect(gathered.at(-1)!.equals(whole)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('is whole byte by byte', () => {
    const whole = written([bytes('a\r\n$5'), [null, 12], [], bytes('')]);
    const gathered = gather([...whole].map((byte) => Buffer.from([byte])));
    expect(gathered.map((reply) => reply?.toString())).toEqual([
      ...new Array<undefined>(whole.length - 1).fill(undefined),
      whole.toString(),
    ]);
  });

  test.each(['+OK\r\n', '-WRONGTYPE no stream\r\n', ':-7\r\n', '$-1\r\n', '*-1\r\n', '*0\r\n', '$0\r\n\r\n'])(
    'may be as short as %j',
    (text) => expect(gather([bytes(text)])).toEqual([bytes(text)]),
  );

  test('is refused when it is none, or more than one', () => {
    expect(() => gather([bytes('HTTP/1.1 400\r\n')])).toThrow('unknown type of value');
    expect(() => gather([bytes('*2\r\n:1\r\n'), bytes('!5\r\n')])).toThrow('unknown type of value');
    expect(() => gather([bytes(':1\r\n:2\r\n')])).toThrow('more than it was asked');
  });
});

describe('entries in an answer', () => {
  const odd = [bytes('__proto__'), Buffer.from([0, 255, 13, 10]), bytes('$3\r\nabc\r\n'), bytes('')];

  test('are read where they lie, whatever their fields hold', () => {
    const reply = written([
      [
        bytes('quantum:stream:market.tick'),
        [
          [bytes('1-0'), odd],
          [bytes('2-0'), [bytes('a')]],
        ],
      ],
      [bytes('other'), [[bytes('3-1'), []]]],
    ]);
    const read = streamsIn(reply).map(([stream, entries]) => [stream, entries.map(texts)]);
    expect(read).toEqual([
      [
        'quantum:stream:market.tick',
        [
          ['1-0', odd.map((field) => field.toString('latin1'))],
          ['2-0', ['a']],
        ],
      ],
      ['other', [['3-1', []]]],
    ]);
    expect(entriesIn(written([[bytes('1-0'), odd]])).map(texts)).toEqual([texts(EntryBytes.of('1-0', odd))]);
  });

  test('are none when nothing came in time', () => {
    expect([streamsIn(bytes('*-1\r\n')), entriesIn(bytes('*0\r\n'))]).toEqual([[], []]);
  });

  test('are none in an answer of another kind, which is refused', () => {
    for (const text of ['+OK\r\n', ':5\r\n']) {
      expect(() => streamsIn(bytes(text))).toThrow('something else than entries');
      expect(() => entriesIn(bytes(text))).toThrow('something else than entries');
    }
  });

  test('are kept without the answer they came in', () => {
    const reply = written([[bytes('1-0'), [bytes('name'), bytes('value')]]]);
    const { fields } = entriesIn(reply)[0]!;
    reply.fill(0);
    expect(fields.map(String)).toEqual(['name', 'value']);
  });

  test('begin again where the cursor stands behind them', () => {
    const cursor = new ReplyCursor(Buffer.concat([written([[bytes('1-0'), []]]), written(7)]));
    EntryBytes.all(cursor);
    expect(cursor.bytes.toString('latin1', cursor.at)).toBe(':7\r\n');
  });
});

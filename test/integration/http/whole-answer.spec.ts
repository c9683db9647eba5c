import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import fc from 'fast-check';
import { canTake, Room, WholeAnswer } from '../../../src/http/whole-answer.js';

const BODY = Buffer.from(`{"what":"${'é'.repeat(200_000)}"}`);
const HEADERS = ['etag', 'W/"x"', 'content-type', 'application/json', 'content-length', String(BODY.length)];

/** One server that answers `/whole` in one piece where it can, and `/plain` as Node does; `taken` says how each question was answered. */
function answering(taken: boolean[]): Server {
  const whole = new WholeAnswer();
  whole.say(HEADERS, 5, [BODY.subarray(0, 9), BODY.subarray(9)]);
  return createServer({ keepAliveTimeout: 5_000 }, (request, answer) => {
    if (request.url === '/slow') return void setImmediate(() => answer.writeHead(200, HEADERS).end(BODY));
    const isWhole = request.url === '/whole' && canTake(answer);
    taken.push(isWhole);
    if (isWhole) whole.send(answer, new Date().toUTCString());
    else answer.writeHead(200, HEADERS).end(BODY);
  });
}

/** Writes this to one connection and reads as many answers, or until the other side ends. */
function said(
  port: number,
  text: string,
  answers: number,
): Promise<{ heads: string[]; bodies: Buffer[]; ended: boolean }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let rest: Buffer = Buffer.alloc(0);
    const [heads, bodies]: [string[], Buffer[]] = [[], []];
    const finish = (ended: boolean) => {
      socket.destroy();
      resolve({ heads, bodies, ended });
    };
    socket.on('error', reject);
    socket.on('end', () => finish(true));
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (let end = rest.indexOf('\r\n\r\n'); end >= 0; end = rest.indexOf('\r\n\r\n')) {
        const head = rest.toString('latin1', 0, end);
        const until = end + 4 + Number(/content-length: (\d+)/.exec(head)![1]);
        if (rest.length < until) return;
        heads.push(head);
        bodies.push(rest.subarray(end + 4, until));
        rest = rest.subarray(until);
      }
      if (heads.length === answers && !/connection: close/i.test(heads.at(-1)!)) finish(false);
    });
  });
}

const get = (path: string, extra = '', version = '1.1') =>
  `GET ${path} HTTP/${version}\r\nhost: a\r\n${extra}\r\n`;
const membersOf = (head: string) =>
  head
    .replace(/date: .*/i, 'date: now')
    .split('\r\n')
    .map((line) => line.replace(/^[^:]*:/, (name) => name.toLowerCase()))
    .sort();

describe('an answer in one piece', () => {
  const taken: boolean[] = [];
  let server: Server;
  let port = 0;

  beforeAll(async () => {
    server = answering(taken);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    port = (server.address() as AddressInfo).port;
  });
  beforeEach(() => taken.splice(0));
  afterAll(() => new Promise((closed) => server.close(closed)));

  it('says what Node says of the same, and leaves the connection open for the next', async () => {
    const first = await said(port, get('/whole'), 1);
    const plain = await said(port, get('/plain'), 1);
    expect(taken).toEqual([true, false]);
    expect(membersOf(first.heads[0]!)).toEqual(membersOf(plain.heads[0]!));
    expect(first.bodies[0]!.equals(BODY)).toBe(true);
    expect(Math.abs(Date.parse(/date: (.*)/.exec(first.heads[0]!)![1]!) - Date.now())).toBeLessThan(5_000);
  });

  it('comes in its turn when questions arrive together', async () => {
    const { bodies } = await said(port, `${get('/whole')}${get('/slow')}${get('/whole')}${get('/whole')}`, 4);
    expect(taken).toEqual([true, false, false]);
    expect(bodies.map((body) => body.equals(BODY))).toEqual([true, true, true, true]);
  });

  it('is left to Node for whoever does not keep the connection', async () => {
    const closing = await said(port, get('/whole', 'connection: close\r\n'), 1);
    const old = await said(port, get('/whole', '', '1.0'), 1);
    expect(taken).toEqual([false, false]);
    expect([closing.ended, old.ended]).toEqual([true, true]);
  });
});

describe('an answer that says one thing after the other', () => {
  const whole = new WholeAnswer();
  let server: Server;
  let port = 0;

  beforeAll(async () => {
    server = createServer({ keepAliveTimeout: 5_000 }, (_request, answer) => {
      if (canTake(answer)) whole.send(answer, new Date().toUTCString());
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => new Promise((closed) => server.close(closed)));

  const say = (pieces: readonly Buffer[]) => {
    const length = String(pieces.reduce((sum, piece) => sum + piece.length, 0));
    whole.say(['etag', 'W/"x"', 'content-length', length], 5, pieces);
  };
  const read = async () => (await said(port, get('/'), 1)).bodies[0]!.toString();
  const text = (pieces: readonly Buffer[]) => Buffer.concat(pieces).toString();

  it('says each time what it was told last, whatever changed of it', async () => {
    const piece = fc.string({ minLength: 0, maxLength: 40 }).map((some) => Buffer.from(some));
    // Some pieces stay from one to the next, at their place or at another.
    const change = fc.record({
      at: fc.nat(11),
      removed: fc.nat(3),
      added: fc.array(piece, { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        let pieces: Buffer[] = [];
        for (const { at, removed, added } of changes) {
          pieces = [...pieces];
          pieces.splice(at, removed, ...added);
          say(pieces);
          expect(await read()).toBe(text(pieces));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('finishes what is under way with what it said then', async () => {
    const large = (letter: string) => Buffer.alloc(20_000_000, letter);
    say([large('a')]);
    // More than lies in the system's buffers: the rest is sent while it says something else.
    const socket = connect(port, '127.0.0.1', () => socket.write(get('/')));
    try {
      await new Promise((first) => socket.once('readable', first));
      say([large('b')]);
      const other = connect(port, '127.0.0.1', () => other.write(get('/')));
      expect((await bodyOf(other)).equals(large('b'))).toBe(true);
      expect((await bodyOf(socket)).equals(large('a'))).toBe(true);
    } finally {
      socket.destroy();
    }
  });
});

/** The body of the only answer on a connection, of which the head comes in one piece; closes the connection. */
async function bodyOf(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let [from, left] = [0, Infinity];
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    if (chunks.length === 0) {
      from = chunk.indexOf('\r\n\r\n') + 4;
      left = from + Number(/content-length: (\d+)/.exec(chunk.toString('latin1', 0, from))![1]);
    }
    chunks.push(chunk);
    left -= chunk.length;
    if (left <= 0) break;
  }
  return Buffer.concat(chunks).subarray(from);
}

describe('the room of an answer', () => {
  const pieces = (...texts: string[]) => texts.map((text) => Buffer.from(text));
  const text = (room: Room, length: number) => room.bytes.toString('utf8', 0, length);

  it('serves the next answer, a little longer or shorter, when none is under way', () => {
    const room = new Room(1_600);
    expect([1_600, 1_700, 1_701, 850, 849].map((length) => room.isFor(length))).toEqual([
      ...[true, true, false],
      ...[true, false],
    ]);
    room.sending = 1;
    expect(room.isFor(1_600)).toBe(false);
  });

  it('leaves what lies where it belongs', () => {
    const room = new Room(16);
    const [a, b, c] = pieces('one,', 'two,', 'six');
    room.lay([a!, b!, c!]);
    room.bytes.fill('-');
    const [d] = pieces('ten,');
    room.lay([a!, d!, c!]);
    expect(text(room, 11)).toBe('----ten,---');
    // Longer: what follows lies elsewhere from now on.
    room.lay([a!, ...pieces('eleven,'), c!]);
    expect(text(room, 14)).toBe('----eleven,six');
  });
});

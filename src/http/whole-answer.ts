import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What Node keeps of an answer's head: it takes one that has these for one whose head has left. */
interface HeadSent {
  _header: string;
  _headerSent: boolean;
}

const DATE = 'date: ';

/** Of a room as much more than was needed, for answers that grow a little. */
const SPARE = 1 / 16;

/** Where an answer lies while it is sent; of use for another one when none is under way from it. */
export class Room {
  /** How many writes from it are under way. */
  sending = 0;
  readonly bytes: Buffer;
  /** What lies in it from its beginning on. */
  pieces: readonly Buffer[] = [];

  constructor(length: number) {
    this.bytes = Buffer.allocUnsafeSlow(Math.ceil(length * (1 + SPARE)));
  }

  isFor(length: number): boolean {
    return this.sending === 0 && length <= this.bytes.length && this.bytes.length <= 2 * length;
  }

  /** Lays these pieces one behind the other; those that lie where they belong already cost nothing. */
  lay(pieces: readonly Buffer[]): void {
    let [place, before] = [0, 0];
    for (const [i, piece] of pieces.entries()) {
      const lies = this.pieces[i];
      if (lies !== piece || before !== place) piece.copy(this.bytes, place);
      place += piece.length;
      before += lies?.length ?? Number.NaN;
    }
    this.pieces = pieces;
  }
}

/**
 * An answer in one piece, head and body, as it leaves again and again: putting a head together, and a write of text and bytes in several
 * parts, cost Node more than all else of a short answer. What it says changes in place where it can: memory for a large one, new
 * each time, cost more than writing it.
 */
export class WholeAnswer {
  private room = new Room(0);
  private bytes: Buffer = this.room.bytes;
  private dateAt = 0;
  private date = '';

  /** Says something else from now on. `headers`: names and values in turn, `content-length` among them. Body pieces never change. */
  say(headers: readonly string[], keepAliveSeconds: number, body: readonly Buffer[]): void {
    const lines = ['HTTP/1.1 200 OK'];
    for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
    const before = `${lines.join('\r\n')}\r\nconnection: keep-alive\r\nkeep-alive: timeout=${keepAliveSeconds}\r\n${DATE}`;
    this.date = new Date(0).toUTCString();
    this.dateAt = before.length;
    const pieces = [Buffer.from(`${before}${this.date}\r\n\r\n`, 'latin1'), ...body];
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    // What is under way still says what it said.
    if (!this.room.isFor(length)) this.room = new Room(length);
    this.room.lay(pieces);
    this.bytes = this.room.bytes.subarray(0, length);
  }

  /** Sends it with this date, as of `Date.toUTCString`. Only for an answer that `canTake` a whole one. */
  send(answer: ServerResponse, date: string): void {
    const { room } = this;
    if (date !== this.date) this.bytes.write((this.date = date), this.dateAt, 'latin1');
    room.sending += 1;
    answer.socket!.write(this.bytes, () => (room.sending -= 1));
    Object.assign(answer as unknown as HeadSent, { _header: 'sent', _headerSent: true });
    answer.end();
  }
}

/** Whether an answer goes out at once, to somebody who keeps the connection, with no header of anybody else's. */
export function canTake(answer: ServerResponse): answer is ServerResponse & { socket: Socket } {
  const { socket, shouldKeepAlive, req } = answer;
  return (
    socket?.writable === true &&
    shouldKeepAlive &&
    req.httpVersionMinor === 1 &&
    !answer.hasHeader('connection')
  );
}

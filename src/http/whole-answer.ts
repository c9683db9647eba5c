import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What Node keeps of an answer's head: it takes one that has these for one whose head has left. */
interface HeadSent {
  _header: string;
  _headerSent: boolean;
}

const DATE = 'date: ';

/**
 * An answer in one piece, head and body, as it leaves again and again: putting a head together, and a write of text and bytes in several
 * parts, cost Node more than all else of a short answer.
 */
export class WholeAnswer {
  private readonly bytes: Buffer;
  private readonly dateAt: number;
  private date = '';

  /** `headers`: names and values in turn, `content-length` among them. */
  constructor(headers: readonly string[], keepAliveSeconds: number, body: readonly Buffer[]) {
    const lines = ['HTTP/1.1 200 OK'];
    for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
    const before = `${lines.join('\r\n')}\r\nconnection: keep-alive\r\nkeep-alive: timeout=${keepAliveSeconds}\r\n${DATE}`;
    const head = Buffer.from(`${before}${new Date(0).toUTCString()}\r\n\r\n`, 'latin1');
    this.dateAt = before.length;
    this.bytes = Buffer.concat([head, ...body]);
  }

  /** Sends it with this date, as of `Date.toUTCString`. Only for an answer that `canTake` a whole one. */
  send(answer: ServerResponse, date: string): void {
    if (date !== this.date) this.bytes.write((this.date = date), this.dateAt, 'latin1');
    answer.socket!.write(this.bytes);
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

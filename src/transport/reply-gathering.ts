import { ReplyCursor } from './wire/reply-cursor.js';

/** One answer of Redis on its way: its bytes come in pieces, and end where they please. */
export class ReplyGathering {
  private room: Buffer = Buffer.alloc(0);
  private length = 0;
  private looked = 0;
  private missing = 1;

  /**
   * Takes a piece. Returns the whole answer when this was its last, else null. Throws when it is no answer, or when something follows that
   * was not asked for.
   */
  add(piece: Buffer): Buffer | null {
    const bytes = this.append(piece);
    const cursor = new ReplyCursor(bytes, this.looked);
    this.missing = cursor.skip(this.missing);
    this.looked = cursor.at;
    if (this.missing > 0) return null;
    if (cursor.at < bytes.length) throw new Error('Redis answered more than it was asked');
    return bytes;
  }

  /** Most answers are one piece and stay where they are; the room for larger ones doubles. */
  private append(piece: Buffer): Buffer {
    const length = this.length + piece.length;
    if (this.length === 0) this.room = piece;
    else {
      if (this.room.length < length) this.room = moved(this.room, this.length, 2 * length);
      piece.copy(this.room, this.length);
    }
    this.length = length;
    return this.room.subarray(0, length);
  }
}

function moved(bytes: Buffer, length: number, size: number): Buffer {
  const room = Buffer.allocUnsafeSlow(size);
  bytes.copy(room, 0, 0, length);
  return room;
}

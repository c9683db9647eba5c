import type { Unchanging } from '../shared/json-text.js';
import { digestOfPart } from './answer.js';

/**
 * The elements of a JSON list as bytes. Of a list that changes here and there only what is new is written; what lies between is copied
 * from the bytes before, in runs.
 */
export class ListBytes {
  /** Of each element, for a tag. */
  readonly digests: string[] = [];
  private parts: readonly Unchanging[] = [];
  /** Where each element ends, with the comma behind it; the last one's is not in the list. */
  private ends: number[] = [];
  private withComma: Buffer = Buffer.alloc(0);

  /** The elements with commas between them. */
  get bytes(): Buffer {
    return this.withComma.subarray(0, -1);
  }

  follow(parts: readonly Unchanging[]): void {
    const pieces: Buffer[] = [];
    const ends: number[] = [];
    let run = 0;
    let end = 0;
    const flush = (until: number) => {
      if (run < until) pieces.push(this.withComma.subarray(this.startOf(run), this.startOf(until)));
      run = until + 1;
    };
    for (const [i, part] of parts.entries()) {
      if (this.parts[i] !== part) {
        flush(i);
        const piece = Buffer.from(`${part.text(false)},`);
        pieces.push(piece);
        this.digests[i] = digestOfPart(part);
        end += piece.length;
      } else end += this.ends[i]! - this.startOf(i);
      ends.push(end);
    }
    flush(parts.length);
    this.digests.length = parts.length;
    this.withComma = Buffer.concat(pieces);
    this.parts = parts;
    this.ends = ends;
  }

  private startOf(index: number): number {
    return index === 0 ? 0 : this.ends[index - 1]!;
  }
}

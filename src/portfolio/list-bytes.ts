import type { Unchanging } from '../shared/json-text.js';
import { CHUNK, digestOfChunk, digestOfPart } from './answer.js';

/** Some elements that follow one another. */
interface Chunk {
  readonly parts: readonly Unchanging[];
  /** With a comma behind each. */
  readonly bytes: Buffer;
  readonly digests: readonly string[];
  /** Their digest in quotes; it has no letter that JSON writes in another way. */
  readonly told: string;
}

/** The elements of a JSON list as bytes, in chunks. Of a list that changes here and there only chunks with something new are written. */
export class ListBytes {
  private chunks: readonly Chunk[] = [];

  /** The elements with commas between them, in pieces, one behind the other. */
  get pieces(): Buffer[] {
    const last = this.chunks.length - 1;
    return this.chunks.map(({ bytes }, i) => (i === last ? bytes.subarray(0, -1) : bytes));
  }

  /** What stands for the elements in the text that a tag is made of: a text each, with commas between them. */
  get told(): string {
    return this.chunks.map(({ told }) => told).join(',');
  }

  follow(parts: readonly Unchanging[]): void {
    const chunks: Chunk[] = [];
    for (let start = 0; start < parts.length; start += CHUNK) {
      const before = this.chunks[chunks.length];
      chunks.push(before && isSame(before, parts, start) ? before : chunkOf(parts, start, before));
    }
    this.chunks = chunks;
  }
}

/** Whether a chunk holds what the one that starts here has to hold; one that was shorter or longer does not. */
function isSame({ parts: held }: Chunk, parts: readonly Unchanging[], start: number): boolean {
  for (let i = 0; i < CHUNK; i += 1) if (held[i] !== parts[start + i]) return false;
  return true;
}

function chunkOf(all: readonly Unchanging[], start: number, before: Chunk | undefined): Chunk {
  const parts = all.slice(start, start + CHUNK);
  const digests = parts.map((part, i) =>
    before?.parts[i] === part ? before.digests[i]! : digestOfPart(part),
  );
  const bytes = Buffer.from(`${parts.map((part) => part.text(false)).join(',')},`);
  return { parts, bytes, digests, told: `"${digestOfChunk(digests)}"` };
}

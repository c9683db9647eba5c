import { readSymbol } from './symbol.js';

/** More than most venues list; two spellings that fall on one slot take turns in it. */
const SLOTS = 4096;

interface Spelling {
  readonly bytes: Buffer;
  readonly symbol: string;
}

const known = new Array<Spelling | null>(SLOTS).fill(null);

/** `readSymbol` of bytes in ASCII. Spellings are remembered: a tick's symbol becomes no text only to be looked up by it. */
export function symbolOfBytes(bytes: Buffer, start: number, end: number): string {
  let hash = 0;
  for (let at = start; at < end; at += 1) hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
  const slot = hash & (SLOTS - 1);
  const spelling = known[slot];
  if (spelling && isSame(spelling.bytes, bytes, start, end)) return spelling.symbol;
  const symbol = readSymbol(bytes.toString('latin1', start, end));
  known[slot] = { bytes: Buffer.from(bytes.subarray(start, end)), symbol };
  return symbol;
}

function isSame(spelling: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (spelling.length !== end - start) return false;
  for (let at = start; at < end; at += 1) if (bytes[at] !== spelling[at - start]) return false;
  return true;
}

import { Trouble } from './trouble.js';

/** Facts dated further ahead of our clock are refused for good: before that happens, none is taken. */
const MOST_AHEAD_MS = 240_000;

/** Exchanges answer within a few hundred milliseconds. */
const VAGUE_MS = 250;

/** The exchange's clock, as far as we know it: ours and the difference measured last. */
export class ServerClock {
  /** How far the exchange's clock is ahead of ours, ms. */
  aheadMs = 0;
  /** How far that may be off, ms: nobody knows when between question and answer the exchange looked at its clock. */
  uncertainMs = 0;
  private measuredAt: number | null = null;

  /** The exchange's time, ms since the epoch. */
  now(): number {
    return Date.now() + this.aheadMs;
  }

  /** The earliest that it may be there: what is seen there from now on holds for this moment, if nothing happened since. */
  get earliest(): number {
    return this.now() - this.uncertainMs;
  }

  /** The latest that it may be there: nothing that was seen there so far happened after it. */
  get latest(): number {
    return this.now() + this.uncertainMs;
  }

  /** Takes a measurement: the exchange said `serverMs` somewhere between the two moments of ours. */
  measured(serverMs: number, askedMs: number, answeredMs: number): void {
    this.aheadMs = Math.round(serverMs - (askedMs + answeredMs) / 2);
    this.uncertainMs = Math.ceil((answeredMs - askedMs) / 2);
    this.measuredAt = answeredMs;
  }

  /** Whether the answer took so long that a better measurement is worth a question. */
  get isVague(): boolean {
    return this.uncertainMs > VAGUE_MS;
  }

  /** Whether ours was too far behind when it was measured. */
  get isBehind(): boolean {
    return this.aheadMs > MOST_AHEAD_MS;
  }

  /** Throws Trouble `clock` when ours is so far behind that what happened now would be refused as of the future. */
  refuseBehind(): void {
    if (!this.isBehind) return;
    throw new Trouble(
      'clock',
      `our clock is ${Math.round(this.aheadMs / 1000)} s behind that of the exchange`,
    );
  }

  /** Whether a moment of the exchange's would soon be refused as of the future by our clock as it is now. */
  isAhead(atMs: number): boolean {
    return atMs > Date.now() + MOST_AHEAD_MS;
  }

  /** Whether it was not measured within the last `maxMs`. */
  isOlderThan(maxMs: number): boolean {
    return this.measuredAt === null || Date.now() - this.measuredAt > maxMs;
  }
}

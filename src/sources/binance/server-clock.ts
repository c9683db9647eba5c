import { Trouble } from './trouble.js';

/** Facts dated further ahead of our clock are refused for good: before that happens, none is taken. */
const MOST_AHEAD_MS = 240_000;

/** The exchange's clock, as far as we know it: ours and the difference measured last. */
export class ServerClock {
  /** How far the exchange's clock is ahead of ours, ms. */
  aheadMs = 0;
  private measuredAt: number | null = null;

  /** The exchange's time, ms since the epoch. */
  now(): number {
    return Date.now() + this.aheadMs;
  }

  /** Takes a measurement: the exchange said `serverMs` somewhere between the two moments of ours. */
  measured(serverMs: number, askedMs: number, answeredMs: number): void {
    this.aheadMs = Math.round(serverMs - (askedMs + answeredMs) / 2);
    this.measuredAt = answeredMs;
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

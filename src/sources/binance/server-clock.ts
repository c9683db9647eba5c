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

  /** Whether it was not measured within the last `maxMs`. */
  isOlderThan(maxMs: number): boolean {
    return this.measuredAt === null || Date.now() - this.measuredAt > maxMs;
  }
}

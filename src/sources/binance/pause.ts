/** A rest that can be cut short: by what has become urgent, or by the end. */
export class Pause {
  private wake: (() => void) | null = null;
  private rung = false;
  private ended = false;

  /** Rests for `ms`, or until `ring` or `end`; not at all when it was rung since the last rest. */
  rest(ms: number): Promise<void> {
    if (this.rung || this.ended) {
      this.rung = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.wake?.(), ms);
      this.wake = () => {
        clearTimeout(timer);
        this.wake = null;
        this.rung = false;
        resolve();
      };
    });
  }

  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  /** Ends the rest that runs, and every later one at once. */
  end(): void {
    this.ended = true;
    this.wake?.();
  }
}

/** The longest pause between two tries. */
const LONGEST_MS = 60_000;

/**
 * Pauses that double with every failure, from `firstMs` to a minute, each between a half and one and a half of that: many who lost the same
 * connection must not all come back in the same moment.
 */
export class BackOff {
  private failures = 0;

  constructor(private readonly firstMs: number) {}

  next(): number {
    const ms = Math.min(this.firstMs * 2 ** this.failures, LONGEST_MS);
    this.failures = Math.min(this.failures + 1, 16);
    return ms * (0.5 + Math.random());
  }

  reset(): void {
    this.failures = 0;
  }
}

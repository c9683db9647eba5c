import { setTimeout as pause } from 'node:timers/promises';

/** One turn of a loop. Returns how many milliseconds to rest after it. */
export type Turn = () => Promise<number>;

/** What to do about a turn that failed; `isNew` = the one before it did not. Returns how many milliseconds to rest. */
export type Failed = (error: unknown, isNew: boolean) => number;

/** Work in the background, turn after turn, from `start` to `stop`. A turn that fails ends nothing: the next one follows. */
export class Loop {
  private readonly closing = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly turn: Turn,
    private readonly failed: Failed,
  ) {}

  /** Begins with the first turn, after a rest of so many milliseconds, and returns at once. */
  start(firstRestMs = 0): void {
    this.running = this.run(firstRestMs);
  }

  /** Cuts the rest short and waits for the turn in hand. */
  async stop(): Promise<void> {
    this.closing.abort();
    await this.running;
  }

  /** Whether a long turn had better end. */
  get isStopping(): boolean {
    return this.closing.signal.aborted;
  }

  /** Rests within a turn, until `stop` at the longest. */
  async rest(ms: number): Promise<void> {
    // Aborted by stop: there is nothing left to wait for.
    await pause(ms, undefined, { signal: this.closing.signal }).catch(() => undefined);
  }

  private async run(firstRestMs: number): Promise<void> {
    if (firstRestMs > 0) await this.rest(firstRestMs);
    let failing = false;
    while (!this.isStopping) {
      let restMs: number;
      try {
        restMs = await this.turn();
        failing = false;
      } catch (error) {
        restMs = this.failed(error, !failing);
        failing = true;
      }
      await this.rest(restMs);
    }
  }
}

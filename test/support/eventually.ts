import { setTimeout as pause } from 'node:timers/promises';

export interface EventuallyOptions {
  /** How long to go on trying. */
  readonly timeoutMs?: number;
  /** The pause between two tries. */
  readonly everyMs?: number;
}

/**
 * Repeats `assertion` until it passes and gives back what it returned. When the time is over the last failure is
 * thrown as it was, so that the report shows what was still wrong and not that something timed out.
 */
export async function eventually<T>(
  assertion: () => T | Promise<T>,
  { timeoutMs = 20_000, everyMs = 40 }: EventuallyOptions = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await assertion();
    } catch (failure) {
      if (Date.now() >= deadline) throw failure;
      await pause(everyMs);
    }
  }
}

/**
 * Returns once the clock has moved `ms` past `since`. Only for promises that are about time itself ("a crash costs
 * at most one second"), never to wait for work to be done.
 */
export async function elapsed(since: number, ms: number): Promise<void> {
  await pause(Math.max(0, since + ms - Date.now()));
}

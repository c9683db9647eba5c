/** The most that a limit may grow to, in times of what the settings say: about an hour with the default minute. */
const MOST_TIMES = 64;

/**
 * How long the statements of a unit of work may take. A fact that restates years needs more than the settings allow, would be cancelled, and
 * would fail the same way for ever: so each time that an account's unit runs into its limit the next has twice as long, until one succeeds.
 */
export class Patience {
  private readonly times = new Map<string, number>();

  constructor(private readonly limitMs: number) {}

  /** Milliseconds that a statement for these accounts may take; null = as the settings say. */
  for(accountIds: readonly string[]): number | null {
    const times = Math.max(1, ...accountIds.map((accountId) => this.times.get(accountId) ?? 1));
    return times === 1 ? null : times * this.limitMs;
  }

  /** Notes that a unit for these accounts went well. */
  succeeded(accountIds: readonly string[]): void {
    for (const accountId of accountIds) this.times.delete(accountId);
  }

  /** Notes that one failed after so many milliseconds; one that was not slow teaches nothing. */
  failed(accountIds: readonly string[], error: unknown, tookMs: number): void {
    if (!isCancelled(error) && tookMs < this.limitMs) return;
    const times = (this.for(accountIds) ?? this.limitMs) / this.limitMs;
    for (const accountId of accountIds) this.times.set(accountId, Math.min(2 * times, MOST_TIMES));
  }
}

/** query_canceled: what Postgres says of a statement that took too long. */
function isCancelled(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '57014';
}

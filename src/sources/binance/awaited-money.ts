import type { Decimal } from '../../shared/decimal.js';
import type { Income } from './wire/income.js';

/** Stream and history may time one payment differently by this much. */
const SAME_MS = 5_000;
/** Longer than this nobody waits for history to show what the stream told. */
const PATIENCE_MS = 120_000;

interface Awaited {
  readonly atMs: number;
  readonly amount: Decimal;
  readonly sinceMs: number;
}

/**
 * Payments that the stream told of and history does not show yet. Until it does, a wallet report holds money that the ledger cannot explain,
 * and would book it as performance by mistake.
 */
export class AwaitedMoney {
  private awaited: Awaited[] = [];

  add(atMs: number, amount: Decimal): void {
    this.awaited.push({ atMs, amount, sinceMs: Date.now() });
  }

  /** History shows these. */
  seen(income: readonly Income[]): void {
    const left = [...income];
    this.awaited = this.awaited.filter(({ atMs, amount }) => {
      const at = left.findIndex((row) => Math.abs(row.atMs - atMs) <= SAME_MS && row.amount.equals(amount));
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
  }

  /** Whether something is still awaited. */
  isWaiting(now = Date.now()): boolean {
    this.awaited = this.awaited.filter(({ sinceMs }) => now - sinceMs < PATIENCE_MS);
    return this.awaited.length > 0;
  }
}

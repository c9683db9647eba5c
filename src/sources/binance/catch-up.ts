import type { Fact } from '../../ledger/facts.js';
import { keysOf } from '../../ledger/identity.js';
import { MICROS_PER_MS } from '../../shared/periods.js';
import type { Cursor, Cursors } from './cursors.js';
import type { ExchangeIntake } from './exchange-intake.js';
import type { Happened, History } from './history.js';
import type { HistoryWindow } from './rest.js';
import type { BinanceSettings } from './settings.js';
import { cashFlowOf } from './wire/income.js';

/** History is written a little after things happen, with the time at which they did: this much is read again each time. */
const OVERLAP_MS = 1_800_000;
/** A long hole is taken a day at a time: each is committed with the place that it reaches. */
const STEP_MS = 86_400_000;

/** Takes what happened since the place in history up to which the ledger has it, whatever told it meanwhile. */
export class CatchUp {
  /** Facts that are in the ledger for sure, and when they happened: what is read again need not be looked up again. */
  private readonly known = new Map<string, number>();

  constructor(
    private readonly settings: BinanceSettings,
    private readonly currency: string,
    private readonly history: History,
    private readonly cursors: Cursors,
    private readonly intake: ExchangeIntake,
  ) {}

  /**
   * Reads and commits up to `untilMs`. Returns all that the last step showed, and when the latest of it happened (null = nothing did). Throws
   * Trouble, and what is transient; the steps before it are taken.
   */
  async upTo(cursor: Cursor, untilMs: number, symbols: ReadonlySet<string>): Promise<Happened> {
    let covered = cursor.coveredMs;
    for (;;) {
      const startTime = Math.max(cursor.beganMs, covered - OVERLAP_MS);
      const window = { startTime, endTime: Math.max(startTime, Math.min(untilMs, covered + STEP_MS)) };
      const happened = await this.history.read(window, symbols);
      await this.commit(happened, { beganMs: cursor.beganMs, coveredMs: window.endTime });
      covered = window.endTime;
      if (covered >= untilMs) return happened;
    }
  }

  /** What a window shows, without taking it. */
  look(window: HistoryWindow, symbols: ReadonlySet<string>): Promise<Happened> {
    return this.history.read(window, symbols);
  }

  /** Takes facts that were told live. */
  async take(facts: readonly Fact[]): Promise<void> {
    const fresh = facts.filter((fact) => !this.known.has(nameOf(fact)));
    if (fresh.length === 0) return;
    await this.intake.take(this.settings.accountId, fresh);
    for (const fact of fresh) this.known.set(nameOf(fact), fact.occurredAt);
  }

  private async commit({ income, fills }: Happened, cursor: Cursor): Promise<void> {
    const { accountId, venue } = this.settings;
    const flows = income.flatMap((row) => cashFlowOf(row, accountId, this.currency) ?? []);
    const facts: Fact[] = [...fills, ...flows];
    const fresh = facts.filter((fact) => !this.known.has(nameOf(fact)));
    await this.intake.take(accountId, fresh, (unit) => this.cursors.save(unit.tx, accountId, venue, cursor));
    for (const fact of fresh) this.known.set(nameOf(fact), fact.occurredAt);
    const oldest = (cursor.coveredMs - 2 * OVERLAP_MS) * MICROS_PER_MS;
    for (const [name, at] of this.known) if (at < oldest) this.known.delete(name);
  }
}

/** When the latest of it happened, ms; null = nothing did. Everything counts, booked or not: all of it moves the wallet. */
export function latestOf({ income, fills }: Happened): number | null {
  let latest: number | null = null;
  for (const { atMs } of income) latest = Math.max(latest ?? 0, atMs);
  for (const { occurredAt } of fills) latest = Math.max(latest ?? 0, occurredAt / MICROS_PER_MS);
  return latest;
}

const nameOf = (fact: Fact) => keysOf(fact)[0]!;

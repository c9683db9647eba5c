import type { Fact } from '../../ledger/facts.js';
import { keysOf } from '../../ledger/identity.js';
import { MICROS_PER_MS } from '../../shared/periods.js';
import type { Cursor, Cursors } from './cursors.js';
import type { ExchangeIntake } from './exchange-intake.js';
import type { Happened, History } from './history.js';
import type { BinanceRest, HistoryWindow } from './rest.js';
import type { BinanceSettings } from './settings.js';
import { Step } from './step.js';
import { troubleOf } from './trouble.js';
import { cashFlowOf } from './wire/income.js';

/** History is written a little after things happen, with the time at which they did: this much is read again each time. */
const OVERLAP_MS = 1_800_000;

/** Takes what happened since the place in history up to which the ledger has it, whatever told it meanwhile. */
export class CatchUp {
  /** Facts that are in the ledger for sure, and when they happened: what is read again need not be looked up again. */
  private readonly known = new Map<string, number>();
  private readonly step = new Step();
  /** What happened up to here was read when it was old enough to be whole: it need not be read again. */
  private wholeMs = 0;

  constructor(
    private readonly settings: BinanceSettings,
    private readonly currency: string,
    private readonly rest: Pick<BinanceRest, 'clock' | 'measureClock'>,
    private readonly history: History,
    private readonly cursors: Cursors,
    private readonly intake: ExchangeIntake,
  ) {}

  /**
   * Reads and commits up to `untilMs`, each step with the place that it reaches. Returns all that the last half hour of it showed. Throws
   * Trouble, and what is transient; the steps before it are taken.
   */
  async upTo(cursor: Cursor, untilMs: number, symbols: ReadonlySet<string>): Promise<Happened> {
    const lately: Happened[] = [];
    let from = Math.max(cursor.beganMs, cursor.coveredMs - OVERLAP_MS, this.wholeMs);
    for (;;) {
      const window = { startTime: from, endTime: Math.max(from, Math.min(untilMs, from + this.step.ms)) };
      const happened = await this.read(window, symbols);
      const { beganMs, coveredMs } = cursor;
      await this.commit(happened, { beganMs, coveredMs: Math.max(coveredMs, window.endTime) });
      this.history.taken(symbols);
      from = window.endTime + 1;
      if (window.endTime < untilMs - OVERLAP_MS) this.wholeMs = Math.max(this.wholeMs, from);
      else lately.push(happened);
      if (window.endTime >= untilMs) return together(lately);
    }
  }

  /** A step that the exchange will not give at once is a shorter one when it is tried again. */
  private async read(window: HistoryWindow, symbols: ReadonlySet<string>): Promise<Happened> {
    try {
      const happened = await this.history.read(window, symbols);
      this.step.taken(this.history.weight);
      return happened;
    } catch (error) {
      const isTooMuch = troubleOf(error)?.kind === 'rate_limited' && this.history.weight > 0;
      if (isTooMuch) this.step.tooHeavy(window.endTime - window.startTime);
      throw error;
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
    await this.refuseAhead(fresh);
    await this.intake.take(this.settings.accountId, fresh);
    for (const fact of fresh) this.known.set(nameOf(fact), fact.occurredAt);
  }

  /**
   * A clock of ours that jumped back since it was measured would have good facts refused for good, as of the future: they wait until it is
   * right. A fact that is ahead of the exchange's own clock is wrong by itself and goes its way into the quarantine.
   */
  private async refuseAhead(facts: readonly Fact[]): Promise<void> {
    const { clock } = this.rest;
    if (!facts.some(({ occurredAt }) => clock.isAhead(occurredAt / MICROS_PER_MS))) return;
    await this.rest.measureClock();
    clock.refuseBehind();
  }

  private async commit({ income, fills }: Happened, cursor: Cursor): Promise<void> {
    const { accountId, venue } = this.settings;
    const flows = income.flatMap((row) => cashFlowOf(row, accountId, this.currency) ?? []);
    const facts: Fact[] = [...fills, ...flows];
    const fresh = facts.filter((fact) => !this.known.has(nameOf(fact)));
    await this.refuseAhead(fresh);
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

function together(steps: readonly Happened[]): Happened {
  return { income: steps.flatMap(({ income }) => income), fills: steps.flatMap(({ fills }) => fills) };
}

const nameOf = (fact: Fact) => keysOf(fact)[0]!;

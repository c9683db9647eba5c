import { Injectable } from '@nestjs/common';
import type { StoredOutboxEvent } from './outbox.js';

/** The events of an account's next version, as they stand in the outbox. */
export interface OutboxStep {
  readonly accountId: string;
  readonly previousVersion: number;
  readonly version: number;
  readonly events: readonly StoredOutboxEvent[];
}

/** More than this is as well asked for at once; a replica that does not relay keeps no more either. */
const MOST_STEPS = 50;

/**
 * What this process just committed, handed to who relays it, so that it need not be asked for: for a single trade that question is half of the
 * way from COMMIT to Redis. A short cut and no more: the outbox has it all, also what is dropped here.
 */
@Injectable()
export class OutboxHandover {
  private steps: OutboxStep[] = [];
  private isWhole = true;

  /** Called after COMMIT, in the order of commits. */
  committed(step: OutboxStep): void {
    if (!this.isWhole) return;
    if (this.steps.length < MOST_STEPS) this.steps.push(step);
    else this.committedMore();
  }

  /** Called after COMMIT of events that are no step of a version: they are to be asked for, and what comes behind them too. */
  committedMore(): void {
    this.steps = [];
    this.isWhole = false;
  }

  /** What was handed over since the last time, oldest first; null = that is not all there was. */
  take(): readonly OutboxStep[] | null {
    const { steps, isWhole } = this;
    this.steps = [];
    this.isWhole = true;
    return isWhole ? steps : null;
  }
}

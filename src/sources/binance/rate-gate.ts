import { Trouble } from './trouble.js';

/** Of the 2400 weights a minute that an address has; the rest is for whoever else asks from it. */
const MOST_WEIGHT = 1_800;
const MINUTE_MS = 60_000;

/** Keeps us from asking when the exchange has said that it does not want to be asked, or soon would. */
export class RateGate {
  /** Weight used in the current minute, as the exchange counts it. */
  usedWeight = 0;
  private closedUntil = 0;
  private closedBy: 'rate_limited' | 'banned' = 'rate_limited';

  /** Throws Trouble `rate_limited` or `banned`, with the time left, while nothing may be asked. */
  pass(now = Date.now()): void {
    const left = this.closedUntil - now;
    if (left <= 0) return;
    throw new Trouble(this.closedBy, `asks again in ${Math.ceil(left / 1000)} s`, left);
  }

  /** Takes the weight that an answer tells. Close to the limit it waits for the next minute, when counting starts anew. */
  used(weight: number, now = Date.now()): void {
    this.usedWeight = weight;
    if (weight >= MOST_WEIGHT) this.close('rate_limited', MINUTE_MS - (now % MINUTE_MS), now);
  }

  /** Leaves the exchange alone for this long; a longer pause that runs already stays. */
  close(by: 'rate_limited' | 'banned', forMs: number, now = Date.now()): void {
    if (now + forMs <= this.closedUntil) return;
    this.closedUntil = now + forMs;
    this.closedBy = by;
  }
}

import { MICROS_PER_MS } from './periods.js';

/** The one source of "now". Rules take moments as arguments; only edges ask a clock, and tests give them their own. */
export abstract class Clock {
  /** Microseconds since the epoch. */
  abstract now(): number;
}

/** The machine's clock, millisecond resolution. */
export class SystemClock extends Clock {
  now(): number {
    return Date.now() * MICROS_PER_MS;
  }
}

/** A long hole is taken a day at a time at most. */
const MOST_MS = 86_400_000;
/** Nobody trades so much in a minute that it could not be read in one. */
const LEAST_MS = 60_000;
/** A step that cost no more than this (of the 1800 weights that we use in a minute) may be followed by one twice as long. */
const CHEAP_WEIGHT = 450;

/**
 * How much of a hole in history is read at once. What is read counts only when all of a step was: one that is too heavy for the weights of a
 * minute would be begun again for ever.
 */
export class Step {
  ms = MOST_MS;

  /** The exchange would not give so long a window at once. */
  tooHeavy(windowMs: number): void {
    this.ms = Math.max(LEAST_MS, Math.floor(Math.min(this.ms, windowMs) / 2));
  }

  /** A step was read whole at this weight. */
  taken(weight: number): void {
    if (weight <= CHEAP_WEIGHT) this.ms = Math.min(MOST_MS, this.ms * 2);
  }
}

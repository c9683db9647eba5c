/** An exact fraction of whole numbers, denominator > 0. */
export type Fraction = readonly [numerator: bigint, denominator: bigint];

const ZERO: Fraction = [0n, 1n];
const ONE: Fraction = [1n, 1n];
const over = ([a, b]: Fraction, [c, e]: Fraction): Fraction => [a * e, b * c];
const isLess = ([a, b]: Fraction, [c, e]: Fraction) => a * e < c * b;
const highest = (values: readonly Fraction[]): Fraction => values.reduce((a, b) => (isLess(a, b) ? b : a));

/** Fraction of 1, scaled to 18 places and cut. */
export const scaled = ([a, b]: Fraction): bigint => (a * 10n ** 18n) / b;

export type Step = { readonly day: number } & ({ readonly is: bigint } | { readonly flow: bigint });

/**
 * The index of a path of equity kept as a plain list of exact fractions, all of it, and drawdowns by looking at every pair: slow, and sharing
 * nothing with the product but the definitions. Money is in cents; a day is a number, and every seventh begins a week.
 */
export class ExactPath {
  equity = 0n;
  private units: Fraction = ZERO;
  /** Index values of the running series with the day they were seen on. */
  private seen: { readonly day: number; readonly index: Fraction }[] = [];
  private deepest: Fraction = ZERO;
  private day = 0;

  take(step: Step): void {
    this.rollTo(step.day);
    if ('is' in step) this.see(step.is);
    else this.move(step.flow);
  }

  private see(equity: bigint): void {
    this.equity = equity;
    if (this.units[0] === 0n) {
      if (equity > 0n) this.start();
    } else this.push(equity > 0n ? over([equity, 1n], this.units) : ZERO);
  }

  private move(flow: bigint): void {
    const isRunning = this.units[0] !== 0n && this.equity > 0n;
    this.equity += flow;
    if (!isRunning) {
      if (this.equity > 0n && flow > 0n) this.start();
    } else if (this.equity === 0n) this.units = ZERO;
    else if (this.equity < 0n) this.push(ZERO);
    else this.units = over([this.equity, 1n], this.seen.at(-1)!.index);
  }

  private start(): void {
    this.units = [this.equity, 1n];
    this.seen = [{ day: this.day, index: ONE }];
  }

  private push(index: Fraction): void {
    this.seen.push({ day: this.day, index });
    const fall = this.fallFrom(0);
    if (isLess(this.deepest, fall)) this.deepest = fall;
  }

  /** The value carried over midnight counts in the new day. */
  private rollTo(day: number): void {
    const last = this.seen.at(-1);
    for (this.day = Math.max(this.day, day); last && this.seen.at(-1)!.day < this.day;) {
      this.seen.push({ day: this.seen.at(-1)!.day + 1, index: last.index });
    }
  }

  private fallFrom(day: number): Fraction {
    const values = this.seen.filter((point) => point.day >= day).map(({ index }) => index);
    const last = values.at(-1);
    const high = last && highest(values);
    if (!last || !high) return ZERO;
    // Ruin is all of it, also on a day that began in ruin.
    if (last[0] === 0n) return [1n, 1n];
    const left = over(last, high);
    return [left[1] - left[0], left[1]];
  }

  get drawdowns(): { daily: Fraction; weekly: Fraction; current: Fraction; max: Fraction } {
    const weekStart = this.day - (this.day % 7);
    return {
      daily: this.fallFrom(this.day),
      weekly: this.fallFrom(weekStart),
      current: this.fallFrom(0),
      max: this.deepest,
    };
  }
}

import { Decimal } from './decimal.js';
import type { Units } from './units.js';
import { narrowed, shifted } from './units.js';

const LARGEST = Number.MAX_SAFE_INTEGER;

/** An exact sum that goes on in place, where a chain of `plus` would make a decimal for each step. Adding is exact, as `plus` is. */
export class RunningSum {
  /** A safe integer; what would carry it beyond one moves into `large`. The sum is both together × 10^-scale. */
  private small = 0;
  private large = 0n;
  private scale = 0;

  static from(value: Decimal): RunningSum {
    const sum = new RunningSum();
    sum.add(value);
    return sum;
  }

  add(value: Decimal): void {
    value.addTo(this);
  }

  /** Adds `value` × `times`, or with sign −1 takes it away. */
  addProduct(value: Decimal, times: Decimal, sign: 1 | -1 = 1): void {
    value.addProductTo(this, times, sign);
  }

  /** The sum and one more value, in one step. */
  plus(value: Decimal): Decimal {
    return this.large === 0n ? value.plusUnits(this.small, this.scale) : value.plus(this.value);
  }

  get value(): Decimal {
    return Decimal.ofUnits(
      this.large === 0n ? this.small : narrowed(this.large + BigInt(this.small)),
      this.scale,
    );
  }

  /** For `Decimal.addTo` only: `units × 10^-scale` more, or with sign −1 less. */
  take(units: Units, scale: number, sign: 1 | -1): void {
    if (scale > this.scale) this.refine(scale);
    const aligned = scale === this.scale ? units : shifted(units, this.scale - scale);
    if (typeof aligned === 'bigint') {
      this.large += sign === 1 ? aligned : -aligned;
      return;
    }
    const sum = this.small + sign * aligned;
    if (sum <= LARGEST && sum >= -LARGEST) this.small = sum;
    else this.large += BigInt(sign * aligned);
  }

  private refine(scale: number): void {
    const units = shifted(narrowed(this.large + BigInt(this.small)), scale - this.scale);
    [this.small, this.large] = typeof units === 'number' ? [units, 0n] : [0, units];
    this.scale = scale;
  }
}

/**
 * An exact fraction of two integers: slow, and too simple to be wrong. Nothing is ever rounded unless `rounded18` is
 * called, which is where the definitions say that a division rounds.
 */
export class Ratio {
  static readonly ZERO = new Ratio(0n, 1n);

  private constructor(
    private readonly over: bigint,
    private readonly under: bigint,
  ) {}

  /** Reads plain digits with an optional sign and fraction. */
  static of(text: string): Ratio {
    const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
    if (!match) throw new Error(`not plain digits: ${text}`);
    const fraction = match[3] ?? '';
    const over = BigInt(match[2]! + fraction);
    return Ratio.reduced(match[1] === '-' ? -over : over, 10n ** BigInt(fraction.length));
  }

  static sum(values: Iterable<Ratio>): Ratio {
    let total = Ratio.ZERO;
    for (const value of values) total = total.plus(value);
    return total;
  }

  plus(other: Ratio): Ratio {
    return Ratio.reduced(this.over * other.under + other.over * this.under, this.under * other.under);
  }

  minus(other: Ratio): Ratio {
    return this.plus(other.negated());
  }

  times(other: Ratio): Ratio {
    return Ratio.reduced(this.over * other.over, this.under * other.under);
  }

  /** The exact quotient; it may have no finite decimal form. */
  dividedBy(other: Ratio): Ratio {
    if (other.over === 0n) throw new Error('division by zero');
    const sign = other.over < 0n ? -1n : 1n;
    return Ratio.reduced(sign * this.over * other.under, sign * this.under * other.over);
  }

  negated(): Ratio {
    return new Ratio(-this.over, this.under);
  }

  abs(): Ratio {
    return this.over < 0n ? this.negated() : this;
  }

  sign(): -1 | 0 | 1 {
    if (this.over === 0n) return 0;
    return this.over < 0n ? -1 : 1;
  }

  isLess(other: Ratio): boolean {
    return this.minus(other).sign() < 0;
  }

  /** The nearest value with 18 decimals; in the middle, the one with an even last digit. */
  rounded18(): Ratio {
    const unit = 10n ** 18n;
    const scaled = this.over * unit;
    let whole = scaled / this.under;
    if (scaled % this.under < 0n) whole -= 1n; // Down to the lower neighbour, for negative values too.
    const distance = 2n * (scaled - whole * this.under);
    const up = distance > this.under || (distance === this.under && whole % 2n !== 0n);
    return Ratio.reduced(up ? whole + 1n : whole, unit);
  }

  /** The exact value as plain text; throws when it has no finite decimal form. */
  toString(): string {
    let places = 0;
    let power = 1n;
    while ((this.over * power) % this.under !== 0n) {
      places += 1;
      power *= 10n;
      if (places > 400) throw new Error(`${this.over}/${this.under} has no finite decimal form`);
    }
    const units = (this.over * power) / this.under;
    const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0');
    const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
    return units < 0n ? `-${text}` : text;
  }

  toNumber(): number {
    return Number(this.rounded18().toString());
  }

  private static reduced(over: bigint, under: bigint): Ratio {
    const divisor = greatestCommonDivisor(over < 0n ? -over : over, under);
    return new Ratio(over / divisor, under / divisor);
  }
}

function greatestCommonDivisor(first: bigint, second: bigint): bigint {
  let [larger, smaller] = [first, second];
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller];
  return larger === 0n ? 1n : larger;
}

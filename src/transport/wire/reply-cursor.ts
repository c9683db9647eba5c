const [CR, ZERO] = [13, 48];
const [TEXT, ARRAY, SIMPLE, ERROR, INTEGER] = [36, 42, 43, 45, 58];
const MISSING = -1;

/**
 * Goes through an answer of Redis (RESP2) where it lies, value by value. A line begins with its type and ends with CR LF; behind `$5` stand
 * five bytes and CR LF, behind `*5` five values.
 */
export class ReplyCursor {
  /** Where the text begins that was read last. */
  start = 0;

  constructor(
    readonly bytes: Buffer,
    public at = 0,
  ) {}

  /** How many values an array has; 0 for one that is null. */
  array(): number {
    return Math.max(0, this.number());
  }

  /** The length of a text that is not null, which then lies between `start` and there. The cursor stands behind it. */
  text(): number {
    const length = this.number();
    this.start = this.at;
    this.at += length + 2;
    return length;
  }

  /** Skips values, arrays with all that they hold. Returns how many are not there to their end yet: the cursor stands at the first of them. */
  skip(values = 1): number {
    let left = values;
    while (left > 0) {
      const inside = this.pass();
      if (inside === MISSING) return left;
      left += inside - 1;
    }
    return 0;
  }

  /** Passes one value, or the line above those of an array, whose number it returns. Throws for what is no answer. */
  private pass(): number {
    const before = this.at;
    const type = this.bytes[before];
    const size = this.number();
    if (this.at <= this.bytes.length) {
      if (type === ARRAY) return Math.max(0, size);
      // A null has a negative length, and nothing follows it.
      if (type === TEXT) this.at += size < 0 ? 0 : size + 2;
      else if (type !== SIMPLE && type !== ERROR && type !== INTEGER)
        throw new Error(`Redis answered with an unknown type of value (${type})`);
      if (this.at <= this.bytes.length) return 0;
    }
    this.at = before;
    return MISSING;
  }

  /** The number on a line, behind its type; below zero for null. Leaves the cursor behind the line, or behind the end of all that is there. */
  private number(): number {
    const { bytes } = this;
    const end = bytes.length;
    let value = 0;
    let at = this.at + 1;
    for (; at < end && bytes[at] !== CR; at += 1) value = value * 10 + bytes[at]! - ZERO;
    this.at = at + 2;
    return value;
  }
}

import { Decimal } from '../../../shared/decimal.js';

/** Places a drawdown fraction is rounded to, half-even. */
const FRACTION_PLACES = 28;

/** A fall from a peak to a level of a series. Indexes are places in the series. */
export interface Drawdown {
  /** Peak − level, ≥ 0, in the unit of the series. */
  readonly absolute: Decimal;
  /** The fall as a share of the peak, ≥ 0; null when the peak is not above zero. */
  readonly fraction: Decimal | null;
  /** Where the peak was last touched. */
  readonly peakIndex: number;
  readonly troughIndex: number;
  readonly peak: Decimal;
  readonly level: Decimal;
}

/** The fall from the highest level so far, at every level of the series. */
export function underwater(levels: readonly Decimal[]): Drawdown[] {
  let peakIndex = 0;
  return levels.map((level, index) => {
    if (level.compare(levels[peakIndex]!) >= 0) peakIndex = index;
    return fallBetween(levels[peakIndex]!, level, peakIndex, index);
  });
}

/** The fall that lost most in amount, the first of equals; null when the series never fell. */
export function deepestAbsolute(levels: readonly Decimal[]): Drawdown | null {
  return deepest(underwater(levels), (fall) => fall.absolute);
}

/** The fall that lost most as a share of its peak, the first of equals; null when the series never fell from above zero. */
export function deepestRelative(levels: readonly Decimal[]): Drawdown | null {
  return deepest(underwater(levels), (fall) => fall.fraction ?? Decimal.ZERO);
}

/** The deepest relative fall as a fraction ≥ 0; zero when there was none, null of no series. */
export function maximumDrawdown(levels: readonly Decimal[]): Decimal | null {
  return levels.length === 0 ? null : relativeDepth(deepestRelative(levels));
}

/** How deep a fall was as a fraction of its peak; zero when there was none. */
export function relativeDepth(fall: Drawdown | null): Decimal {
  return fall?.fraction ?? Decimal.ZERO;
}

/** How deep a fall was in the unit of its series; zero when there was none. */
export function absoluteDepth(fall: Drawdown | null): Decimal {
  return fall?.absolute ?? Decimal.ZERO;
}

/** A depth ≥ 0 spelled as the way down, ≤ 0, as return statistics write it. */
export function asFall(depth: Decimal): Decimal {
  return depth.negated();
}

/** The fall at every level as a fraction ≥ 0; null where the peak is not above zero. */
export function fallsOf(levels: readonly Decimal[]): (Decimal | null)[] {
  return underwater(levels).map((fall) => fall.fraction);
}

/** How far below the peak the series ends, as a fraction ≥ 0; null of nothing or when the peak is not above zero. */
export function currentDrawdown(levels: readonly Decimal[]): Decimal | null {
  return underwater(levels).at(-1)?.fraction ?? null;
}

function fallBetween(peak: Decimal, level: Decimal, peakIndex: number, troughIndex: number): Drawdown {
  const absolute = peak.minus(level);
  const fraction = peak.isPositive() ? absolute.dividedBy(peak, FRACTION_PLACES) : null;
  return { absolute, fraction, peakIndex, troughIndex, peak, level };
}

function deepest(falls: readonly Drawdown[], depth: (fall: Drawdown) => Decimal): Drawdown | null {
  let worst: Drawdown | null = null;
  let worstDepth = Decimal.ZERO;
  for (const fall of falls) {
    if (!depth(fall).greaterThan(worstDepth)) continue;
    worst = fall;
    worstDepth = depth(fall);
  }
  return worst;
}

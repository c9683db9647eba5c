import type { Side } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import type { Break, Cause } from './break.js';
import type { OurSide, Sides, TheirSide } from './holdings.js';
import { SIDES } from './holdings.js';
import { MONEY_TOLERANCE } from './wallet-break.js';

/** The PnL on paper may differ by this share of it, beside the tolerance of money: marks are not of one instant. */
const PAPER_TOLERANCE = Decimal.parse('0.01');

/**
 * How a symbol differs. Sizes are compared to the digit, entry prices to the digits that the exchange gives, money by max(0.01, 1 %). An
 * exchange that nets holds of our long and short only what is left: that is no difference. `mark` is ours, null = none was seen.
 */
export function positionBreaks(
  symbol: string,
  ours: Sides<OurSide>,
  theirs: Sides<TheirSide | null>,
  mark: Decimal | null,
): Break[] {
  if (netsToTheirs(ours, theirs)) return [];
  return SIDES.flatMap((side) => {
    const told = theirs[side];
    const found = told && sideBreak(symbol, side, ours[side], told, mark);
    return found ? [found] : [];
  });
}

/** What we hold in a symbol of which nobody tells any more: how much is there is not known. `mark` is ours, null = none was seen. */
export function silentBreaks(symbol: string, ours: Sides<OurSide>, mark: Decimal | null): Break[] {
  return SIDES.flatMap((side) => {
    const { quantity, entryPrice } = ours[side];
    if (quantity.isZero()) return [];
    const price = mark ?? entryPrice;
    const unknown = { ours: quantity, theirs: null, difference: null, money: price && quantity.times(price) };
    return [{ kind: 'missing_position', symbol, side, ...unknown, cause: 'stale_trade' }];
  });
}

function netsToTheirs({ LONG, SHORT }: Sides<OurSide>, theirs: Sides<TheirSide | null>): boolean {
  const [long, short] = [theirs.LONG?.quantity, theirs.SHORT?.quantity];
  if (!long || !short || !LONG.quantity.isPositive() || !SHORT.quantity.isPositive()) return false;
  if (long.isPositive() && short.isPositive()) return false;
  return long.minus(short).equals(LONG.quantity.minus(SHORT.quantity));
}

function sideBreak(
  symbol: string,
  side: Side,
  ours: OurSide,
  theirs: TheirSide,
  mark: Decimal | null,
): Break | null {
  const price = theirs.markPrice ?? mark ?? theirs.entryPrice ?? ours.entryPrice;
  const difference = theirs.quantity.minus(ours.quantity);
  const of = { symbol, side };
  if (difference.isZero()) return priceBreak(of, ours, theirs);
  const kind = ours.quantity.isZero()
    ? 'unknown_position'
    : theirs.quantity.isZero()
      ? 'missing_position'
      : 'position';
  const cause: Cause = kind === 'missing_position' ? 'stale_trade' : 'missed_fill';
  const sizes = { ours: ours.quantity, theirs: theirs.quantity, difference };
  return { kind, ...of, ...sizes, money: price && difference.abs().times(price), cause };
}

/** The sizes agree: do the prices, and what they make of it? */
function priceBreak(of: Pick<Break, 'symbol' | 'side'>, ours: OurSide, theirs: TheirSide): Break | null {
  if (!theirs.entryPrice || !ours.entryPrice) return null;
  const difference = theirs.entryPrice.minus(ours.entryPrice);
  const money = difference.abs().times(ours.quantity);
  const isSame = isSamePrice(ours.entryPrice, theirs.entryPrice) || money.lessThan(MONEY_TOLERANCE);
  if (isSame) return paperBreak(of, ours, theirs);
  const prices = { ours: ours.entryPrice, theirs: theirs.entryPrice, difference };
  // Lots are closed oldest first, an exchange averages: after a partial close both are right.
  const cause: Cause = ours.averages ? 'missed_fill' : 'averaging';
  return { kind: 'entry_price', ...of, ...prices, money, cause };
}

/** A price that is written shorter than this has lost zeros, not digits: `1` of an exchange is 1.0000, and no rounded 1.4. */
const LEAST_DIGITS = 3;

function isSamePrice(ours: Decimal, theirs: Decimal): boolean {
  const [whole, fraction = ''] = theirs.toString().split('.') as [string, string?];
  const leading = /^0*/.exec(fraction)![0].length;
  const least = whole === '0' ? leading + LEAST_DIGITS : LEAST_DIGITS - whole.length;
  return ours.rounded(Math.max(fraction.length, least)).equals(theirs);
}

function paperBreak(of: Pick<Break, 'symbol' | 'side'>, ours: OurSide, theirs: TheirSide): Break | null {
  const { markPrice, unrealizedPnl } = theirs;
  if (!markPrice || !unrealizedPnl) return null;
  const gain = markPrice.minus(ours.entryPrice!).times(ours.quantity);
  const paper = of.side === 'LONG' ? gain : gain.negated();
  const difference = unrealizedPnl.minus(paper);
  const money = difference.abs();
  if (!money.greaterThan(Decimal.max(MONEY_TOLERANCE, paper.abs().times(PAPER_TOLERANCE)))) return null;
  return { kind: 'unrealized', ...of, ours: paper, theirs: unrealizedPnl, difference, money, cause: 'price' };
}

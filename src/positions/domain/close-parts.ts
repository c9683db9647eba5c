import type { TradeClosed } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import type { Trade } from './trade.js';

/** The part of a close that falls on one trade. */
export interface ClosePart {
  readonly trade: Trade;
  /** Base size closed, > 0. */
  readonly quantity: Decimal;
  /** This part of the reported net PnL; null when none was reported. */
  readonly reported: Decimal | null;
  /** This part of the closing fee, ≥ 0. */
  readonly fee: Decimal;
}

export interface CloseAllocation {
  readonly parts: readonly ClosePart[];
  /** What the close wanted beyond what was open, ≥ 0. */
  readonly surplus: Decimal;
}

/**
 * The size a close means: as given, else |reported PnL ÷ (exit − entry)| when both are non-zero (rounded half-even at 18 places),
 * else null = all that is open.
 */
export function closingQuantity(close: TradeClosed): { quantity: Decimal; derived: boolean } | null {
  if (close.quantity) return { quantity: close.quantity, derived: false };
  if (!close.reportedPnl || !close.exitPrice || !close.entryPrice) return null;
  const move = close.exitPrice.minus(close.entryPrice);
  if (move.isZero()) return null;
  const quantity = close.reportedPnl.dividedBy(move).abs();
  return quantity.isZero() ? null : { quantity, derived: true };
}

/**
 * Spreads a close over open trades, oldest first. A close of more than is open books its reported PnL and fee pro rata to what was
 * open; over several trades both are split pro rata to quantity, the last one taking the exact remainder.
 */
export function allocateClose(close: TradeClosed, targets: readonly Trade[]): CloseAllocation {
  const open = Decimal.sum(targets.map((trade) => trade.remaining));
  const wanted = closingQuantity(close)?.quantity ?? open;
  const closing = Decimal.min(wanted, open);
  const surplus = wanted.minus(closing);
  // Multiplied before it is divided, so that only the result is rounded; of a close that fits nothing is.
  const shareOf = (amount: Decimal) => (surplus.isZero() ? amount : amount.times(closing).dividedBy(wanted));
  const sizes = takeOldestFirst(targets, closing);
  const quantities = sizes.map(({ quantity }) => quantity);
  const reported = close.reportedPnl ? splitByQuantity(shareOf(close.reportedPnl), quantities) : null;
  const fees = splitByQuantity(shareOf(close.fee ?? Decimal.ZERO), quantities);
  const parts = sizes.map((size, i) => ({ ...size, reported: reported?.[i] ?? null, fee: fees[i]! }));
  return { parts, surplus };
}

function takeOldestFirst(targets: readonly Trade[], closing: Decimal): { trade: Trade; quantity: Decimal }[] {
  const taken: { trade: Trade; quantity: Decimal }[] = [];
  let left = closing;
  for (const trade of targets) {
    if (!left.isPositive()) break;
    const quantity = Decimal.min(trade.remaining, left);
    taken.push({ trade, quantity });
    left = left.minus(quantity);
  }
  return taken;
}

/** Splits an amount pro rata to quantities; the parts sum exactly to the amount. */
export function splitByQuantity(amount: Decimal, quantities: readonly Decimal[]): Decimal[] {
  const total = Decimal.sum(quantities);
  let left = amount;
  return quantities.map((quantity, i) => {
    const part = i === quantities.length - 1 ? left : amount.times(quantity).dividedBy(total);
    left = left.minus(part);
    return part;
  });
}

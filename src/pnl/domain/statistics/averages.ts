import { Decimal } from '../../../shared/decimal.js';
import { type ClosedTrade, RATIO_PLACES, gains, losses } from './closed-trade.js';
import { type Statistic, type UndefinedReason, known, mapKnown, unknown } from './statistic.js';

/** Arithmetic mean; null (with the given reason) of nothing. */
export function mean(
  values: readonly Decimal[],
  whenEmpty: UndefinedReason = 'no_trades',
): Statistic<Decimal> {
  if (values.length === 0) return unknown(whenEmpty);
  return known(Decimal.sum(values).dividedBy(Decimal.integer(values.length), RATIO_PLACES));
}

/** The middle of sorted values; null of nothing. */
export function median(values: readonly Decimal[]): Statistic<Decimal> {
  if (values.length === 0) return unknown('no_trades');
  const sorted = [...values].sort((left, right) => left.compare(right));
  const upper = sorted[Math.floor(sorted.length / 2)]!;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]!;
  return known(upper.plus(lower).dividedBy(Decimal.integer(2), RATIO_PLACES));
}

/** The largest value; null of nothing. */
export function largest(
  values: readonly Decimal[],
  whenEmpty: UndefinedReason = 'no_trades',
): Statistic<Decimal> {
  return values.length === 0
    ? unknown(whenEmpty)
    : known(values.reduce((best, value) => Decimal.max(best, value)));
}

/** The smallest value; null of nothing. */
export function smallest(
  values: readonly Decimal[],
  whenEmpty: UndefinedReason = 'no_trades',
): Statistic<Decimal> {
  return values.length === 0
    ? unknown(whenEmpty)
    : known(values.reduce((best, value) => Decimal.min(best, value)));
}

/** Mean PnL of all trades. */
export function averagePnl(trades: readonly ClosedTrade[]): Statistic<Decimal> {
  return mean(trades.map((trade) => trade.pnl));
}

/** Median PnL of all trades (of an even number, the mean of the middle two); null without trades. */
export function medianPnl(trades: readonly ClosedTrade[]): Statistic<Decimal> {
  return median(trades.map((trade) => trade.pnl));
}

/** Mean PnL of the trades that gained, > 0; null with none. */
export function averageWin(trades: readonly ClosedTrade[]): Statistic<Decimal> {
  return mean(gains(trades), 'no_wins');
}

/** Mean PnL of the trades that lost, < 0; null with none. */
export function averageLoss(trades: readonly ClosedTrade[]): Statistic<Decimal> {
  return mean(losses(trades), 'no_losses');
}

/** The best gain, > 0; null with none. */
export function largestWin(trades: readonly ClosedTrade[]): Statistic<Decimal> {
  return largest(gains(trades), 'no_wins');
}

/** The smallest gain, > 0; null with none. */
export function smallestWin(trades: readonly ClosedTrade[]): Statistic<Decimal> {
  return smallest(gains(trades), 'no_wins');
}

/** The worst loss, < 0; null with none. */
export function largestLoss(trades: readonly ClosedTrade[]): Statistic<Decimal> {
  return smallest(losses(trades), 'no_losses');
}

/** The mildest loss, < 0; null with none. */
export function smallestLoss(trades: readonly ClosedTrade[]): Statistic<Decimal> {
  return largest(losses(trades), 'no_losses');
}

/** Payoff: average win ÷ |average loss|; null without a win or without a loss. */
export function payoffRatio(trades: readonly ClosedTrade[]): Statistic<Decimal> {
  return mapKnown(averageLoss(trades), (loss) =>
    mapKnown(averageWin(trades), (win) => known(win.dividedBy(loss.abs(), RATIO_PLACES))),
  );
}

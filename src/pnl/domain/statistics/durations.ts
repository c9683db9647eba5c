import { Decimal } from '../../../shared/decimal.js';
import { mean, median } from './averages.js';
import { type Statistic, known, unknown } from './statistic.js';

/** When a trade was held; both in one unit of the caller's choice. */
export interface HeldTrade {
  readonly openedAt: number;
  readonly closedAt: number;
}

/** How long each trade was held. */
function holdingTimes(trades: readonly HeldTrade[]): Decimal[] {
  return trades.map((trade) => Decimal.integer(trade.closedAt - trade.openedAt));
}

/** Mean holding time; null without trades. */
export function averageDuration(trades: readonly HeldTrade[]): Statistic<Decimal> {
  return mean(holdingTimes(trades));
}

/** Median holding time (of an even number, the mean of the middle two); null without trades. */
export function medianDuration(trades: readonly HeldTrade[]): Statistic<Decimal> {
  return median(holdingTimes(trades));
}

/** The first opening and the last closing among trades; null without any. */
export function tradedSpan(trades: readonly HeldTrade[]): Statistic<HeldTrade> {
  if (trades.length === 0) return unknown('no_trades');
  return known({
    openedAt: trades.reduce((first, trade) => Math.min(first, trade.openedAt), Infinity),
    closedAt: trades.reduce((last, trade) => Math.max(last, trade.closedAt), -Infinity),
  });
}

import { Decimal } from '../../../shared/decimal.js';
import type { ExcursionTrade } from '../../../pnl/domain/statistics/excursions.js';
import type { HeldTrade } from '../../../pnl/domain/statistics/durations.js';
import { type Statistic, known, unknown } from '../../../pnl/domain/statistics/statistic.js';
import { deepestAbsolute } from './drawdowns.js';
import { balancesOf } from './levels.js';

/** The deepest fall of cumulated closed PnL from its highest, which starts at 0; an amount ≥ 0. */
export function closedTradeDrawdown(pnls: readonly Decimal[]): Decimal {
  return deepestAbsolute(balancesOf(Decimal.ZERO, pnls))?.absolute ?? Decimal.ZERO;
}

/**
 * The deepest fall when the excursions inside trades count: from the best that closed PnL + MFE ever reached down to
 * closed PnL + MAE; an amount ≥ 0. Trades in order of closing, one at a time.
 */
export function intraTradeDrawdown(trades: readonly Pick<ExcursionTrade, 'pnl' | 'mae' | 'mfe'>[]): Decimal {
  let closed = Decimal.ZERO;
  let best = Decimal.ZERO;
  let deepest = Decimal.ZERO;
  for (const trade of trades) {
    best = Decimal.max(best, closed.plus(trade.mfe));
    deepest = Decimal.max(deepest, best.minus(closed.plus(trade.mae)));
    closed = closed.plus(trade.pnl);
  }
  return deepest;
}

/** Total PnL ÷ the deepest fall of closed PnL, signed; null when it never fell. */
export function profitToDrawdown(pnls: readonly Decimal[]): Statistic<Decimal> {
  const depth = closedTradeDrawdown(pnls);
  if (depth.isZero()) return unknown(pnls.length === 0 ? 'no_trades' : 'no_drawdown');
  return known(Decimal.sum(pnls).dividedBy(depth, 28));
}

/**
 * The longest time from one high of closed PnL to the close that went above it, with a loss in between; the first high is
 * the first trade's opening. Unit of the trades' times. null while no drawdown was overcome.
 */
export function longestClosedTradeDrawdown(
  trades: readonly (HeldTrade & { pnl: Decimal })[],
): Statistic<number> {
  let longest: number | null = null;
  let highSince = trades[0]?.openedAt ?? 0;
  let high = Decimal.ZERO;
  let total = Decimal.ZERO;
  let lostSince = false;
  for (const trade of trades) {
    total = total.plus(trade.pnl);
    lostSince ||= total.lessThan(high);
    if (!total.greaterThan(high)) continue;
    if (lostSince) longest = Math.max(longest ?? 0, trade.closedAt - highSince);
    high = total;
    highSince = trade.closedAt;
    lostSince = false;
  }
  return longest === null ? unknown('no_drawdown') : known(longest);
}

import { Decimal } from '../../../shared/decimal.js';
import { largest, mean, smallest } from './averages.js';
import type { Statistic } from './statistic.js';

/** How far a trade went against and for its owner while open, and how it ended; money. */
export interface ExcursionTrade {
  /** Maximum adverse excursion, ≤ 0: the worst open PnL. */
  readonly mae: Decimal;
  /** Maximum favourable excursion, ≥ 0: the best open PnL. */
  readonly mfe: Decimal;
  readonly pnl: Decimal;
  /** The largest give-back of open profit that was seen, ≥ 0; null = not recorded: then it is MFE − PnL. */
  readonly giveBack: Decimal | null;
}

/** Mean MAE, ≤ 0; null without trades. */
export function averageMae(trades: readonly ExcursionTrade[]): Statistic<Decimal> {
  return mean(trades.map((trade) => trade.mae));
}

/** Mean MFE, ≥ 0; null without trades. */
export function averageMfe(trades: readonly ExcursionTrade[]): Statistic<Decimal> {
  return mean(trades.map((trade) => trade.mfe));
}

/** The deepest MAE, ≤ 0; null without trades. */
export function deepestMae(trades: readonly ExcursionTrade[]): Statistic<Decimal> {
  return smallest(trades.map((trade) => trade.mae));
}

/** The highest MFE, ≥ 0; null without trades. */
export function highestMfe(trades: readonly ExcursionTrade[]): Statistic<Decimal> {
  return largest(trades.map((trade) => trade.mfe));
}

/** What a trade gave back of its best by its end, ≤ 0: PnL − MFE. */
export function endTradeDrawdown(trade: ExcursionTrade): Decimal {
  return trade.pnl.minus(trade.mfe);
}

/** Mean of what was given back by the end, ≤ 0; null without trades. */
export function averageEndTradeDrawdown(trades: readonly ExcursionTrade[]): Statistic<Decimal> {
  return mean(trades.map(endTradeDrawdown));
}

/** The most that one trade gave back, as an amount ≥ 0; null without trades. */
export function largestEndTradeDrawdown(trades: readonly ExcursionTrade[]): Statistic<Decimal> {
  return largest(trades.map((trade) => trade.giveBack ?? endTradeDrawdown(trade).negated()));
}

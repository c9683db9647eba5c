import { Decimal } from '../../../shared/decimal.js';
import { averagePnl } from './averages.js';
import { type ClosedTrade, RATIO_PLACES, losses } from './closed-trade.js';
import { squareRoot, standardDeviation } from './deviation.js';
import { type Statistic, known, mapKnown, unknown } from './statistic.js';

/** Standard deviation of trade PnL, sample (n − 1), in money; null below two trades. */
export function pnlDeviation(trades: readonly ClosedTrade[]): Statistic<Decimal> {
  return standardDeviation(
    trades.map((trade) => trade.pnl),
    1,
  );
}

/** Sample deviation of the losing trades around their own mean, in money; null below two losses. */
export function lossDeviation(trades: readonly ClosedTrade[]): Statistic<Decimal> {
  return standardDeviation(losses(trades), 1, 'no_losses');
}

/** Mean PnL ÷ its deviation, per trade, not annualised; null when all trades earn the same or there is one only. */
export function tradeSharpe(trades: readonly ClosedTrade[]): Statistic<Decimal> {
  return perDeviation(trades, pnlDeviation(trades));
}

/** Mean PnL ÷ the deviation of the losses around their own mean, per trade; null as `lossDeviation`. */
export function tradeSortino(trades: readonly ClosedTrade[]): Statistic<Decimal> {
  return perDeviation(trades, lossDeviation(trades));
}

/** System quality number: √n × mean ÷ sample deviation of PnL (Van Tharp); null as `tradeSharpe`. */
export function systemQuality(trades: readonly ClosedTrade[]): Statistic<Decimal> {
  return mapKnown(tradeSharpe(trades), (ratio) =>
    known(squareRoot(Decimal.integer(trades.length)).times(ratio).rounded(RATIO_PLACES)),
  );
}

function perDeviation(trades: readonly ClosedTrade[], deviation: Statistic<Decimal>): Statistic<Decimal> {
  return mapKnown(deviation, (spread) => {
    if (spread.isZero()) return unknown('no_variation');
    return mapKnown(averagePnl(trades), (average) => known(average.dividedBy(spread, RATIO_PLACES)));
  });
}

import { Decimal } from '../../../shared/decimal.js';
import { mean } from './averages.js';
import { RATIO_PLACES } from './closed-trade.js';
import { type Statistic, known, mapKnown, unknown } from './statistic.js';

/** Every trade's PnL as a share of the capital just before it; null when the capital was not above zero then. */
function returnsOnCapital(pnls: readonly Decimal[], startingCapital: Decimal): Statistic<Decimal[]> {
  const rates: Decimal[] = [];
  let capital = startingCapital;
  for (const pnl of pnls) {
    if (!capital.isPositive()) return unknown('no_capital');
    rates.push(pnl.dividedBy(capital, RATIO_PLACES));
    capital = capital.plus(pnl);
  }
  return known(rates);
}

/** Mean share of running capital that the winning trades won, a fraction > 0; null without a win. */
export function averageWinOnCapital(pnls: readonly Decimal[], startingCapital: Decimal): Statistic<Decimal> {
  return mapKnown(returnsOnCapital(pnls, startingCapital), (rates) =>
    mean(
      rates.filter((rate) => rate.isPositive()),
      'no_wins',
    ),
  );
}

/** Mean share of running capital that the losing trades lost, a fraction < 0; null without a loss. */
export function averageLossOnCapital(pnls: readonly Decimal[], startingCapital: Decimal): Statistic<Decimal> {
  return mapKnown(returnsOnCapital(pnls, startingCapital), (rates) =>
    mean(
      rates.filter((rate) => rate.isNegative()),
      'no_losses',
    ),
  );
}

/** Average win ÷ |average loss|, both on running capital; null without a win or without a loss. */
export function payoffOnCapital(pnls: readonly Decimal[], startingCapital: Decimal): Statistic<Decimal> {
  return mapKnown(averageLossOnCapital(pnls, startingCapital), (loss) =>
    mapKnown(averageWinOnCapital(pnls, startingCapital), (win) =>
      known(win.dividedBy(loss.abs(), RATIO_PLACES)),
    ),
  );
}

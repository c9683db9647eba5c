import { Decimal } from '../../shared/decimal.js';
import type { LimitName } from './limit.js';
import type { RiskFigures } from './risk-figures.js';
import { exposureOf } from './risk-figures.js';

const HUNDRED = Decimal.HUNDRED;

/**
 * How much money is left until a limit is reached, in the account's currency; negative = so much beyond it. For losses and drawdowns it is
 * the loss that would reach it from here: a drawdown d falls to its limit l when equity loses equity × (l − d) ÷ (100 − d); an open loss L
 * takes equity E along, so L + x = l (E − x) ÷ 100. Null for counts and for the leverage of positions, and when nothing is left to lose.
 * Only for a use that is known.
 */
export function roomInMoney(
  limit: LimitName,
  value: Decimal,
  { symbol, figures }: { symbol: string | null; figures: RiskFigures },
): Decimal | null {
  const { equity } = figures;
  switch (limit) {
    case 'positions':
    case 'symbol_leverage':
      return null;
    case 'total_exposure':
      return value.minus(exposureOf(figures, null).value);
    case 'symbol_exposure':
      return value.minus(heldIn(symbol, figures));
    case 'symbol_exposure_pct':
      return equity.times(value).dividedBy(HUNDRED).minus(heldIn(symbol, figures));
    case 'leverage':
      return equity.times(value).minus(exposureOf(figures, null).value);
    case 'daily_loss':
      return figures.dayStartEquity.times(value).dividedBy(HUNDRED).plus(figures.changeToday);
    case 'daily_drawdown':
      return lossUntil(value, figures.dailyDrawdownPct, equity);
    case 'max_drawdown':
      return lossUntil(value, figures.currentDrawdownPct, equity);
    case 'open_loss':
      return equity.times(value).plus(figures.unrealized.times(HUNDRED)).dividedBy(value.plus(HUNDRED));
  }
}

function heldIn(symbol: string | null, figures: RiskFigures): Decimal {
  return symbol === null ? Decimal.ZERO : exposureOf(figures, symbol).value;
}

function lossUntil(limitPct: Decimal, drawdownPct: Decimal, equity: Decimal): Decimal | null {
  const left = HUNDRED.minus(drawdownPct);
  return left.isPositive() ? equity.times(limitPct.minus(drawdownPct)).dividedBy(left) : null;
}

import { Decimal } from '../../shared/decimal.js';
import type { Break, Severity } from './break.js';

/** Shares of equity from which a break is major, and critical: 0.1 % and 1 %. */
const MAJOR = Decimal.parse('0.001');
const CRITICAL = Decimal.parse('0.01');

/** How bad a break is, by its money as a share of equity. One that cannot be sized is major; with no equity left every one is critical. */
export function severityOf({ money }: Pick<Break, 'money'>, equity: Decimal): Severity {
  if (!equity.isPositive()) return 'critical';
  if (money === null) return 'major';
  if (!money.lessThan(equity.times(CRITICAL))) return 'critical';
  return money.lessThan(equity.times(MAJOR)) ? 'minor' : 'major';
}

/** What is open of an account's breaks. `money` = Σ of what they are worth, null when one of them cannot be sized. */
export interface OpenBreaks {
  readonly count: number;
  readonly money: Decimal | null;
}

/**
 * How well our books agree with the exchange: 100 × (1 − Σ money of open breaks ÷ equity), at least 0. 100 = nothing differs. null when
 * nothing was ever reported, or a break cannot be sized. With no equity left any break makes it 0.
 */
export function reconciliationScore(open: OpenBreaks | null, equity: Decimal): Decimal | null {
  if (!open) return null;
  if (open.count === 0) return Decimal.HUNDRED;
  if (open.money === null) return null;
  if (!equity.isPositive()) return Decimal.ZERO;
  const lost = open.money.times(Decimal.HUNDRED).dividedBy(equity);
  return Decimal.max(Decimal.ZERO, Decimal.HUNDRED.minus(lost));
}

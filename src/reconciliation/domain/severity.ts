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

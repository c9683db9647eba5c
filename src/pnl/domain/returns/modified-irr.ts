import { type Statistic, known, unknown } from '../statistics/statistic.js';

/**
 * Modified internal rate of return per period, of flows one period apart, the first now: what was taken out is put on at
 * the `reinvest` rate until the end, what was put in is worth its value today at the `finance` rate, and the rate is the
 * steady growth from the one to the other (Lin 1976). null without flows of both signs; both rates above −1.
 */
export function modifiedIrr(
  amounts: readonly number[],
  finance: number,
  reinvest: number,
): Statistic<number> {
  if (amounts.length === 0) return unknown('no_flows');
  const periods = amounts.length - 1;
  let invested = 0;
  let returned = 0;
  for (const [at, amount] of amounts.entries()) {
    invested += Math.max(0, -amount) / (1 + finance) ** at;
    returned += Math.max(0, amount) * (1 + reinvest) ** (periods - at);
  }
  if (invested === 0 || returned === 0) return unknown('no_sign_change');
  return known((returned / invested) ** (1 / periods) - 1);
}

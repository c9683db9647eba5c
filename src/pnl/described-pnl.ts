import type { Day } from '../shared/periods.js';
import { isNothing } from './domain/joined-sums.js';
import type { PnlState } from './pnl-state.js';

/** What a state says of sums and of the days since `since`, in lines; of older days memory may have forgotten some. */
export function describePnl(state: PnlState, since: Day): Map<string, string> {
  const { sums, bestTrade, worstTrade, reconciledAt, openingAt, days } = state;
  const lines = new Map(
    Object.entries({ ...sums, bestTrade, worstTrade, reconciledAt, openingAt }).map(asLine),
  );
  for (const [day, pnl] of days) {
    const { realized, closedTrades, winningTrades } = pnl;
    if (day >= since && !isNothing(pnl))
      lines.set(day, `${realized.toString()} ${closedTrades} ${winningTrades}`);
  }
  return lines;
}

const asLine = ([name, value]: [string, unknown]): [string, string] => [name, String(value)];

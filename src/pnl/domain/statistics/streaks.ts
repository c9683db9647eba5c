import { type ClosedTrade, isLoss, isWin } from './closed-trade.js';

/** The longest runs of wins and of losses, in the trades' order. */
export interface Streaks {
  readonly wins: number;
  readonly losses: number;
  /** The run at the end: + so many wins, − so many losses, 0 after a zero trade or with none. */
  readonly current: number;
}

/** Streaks in order of closing; a zero trade ends both kinds. */
export function streaks(trades: readonly ClosedTrade[]): Streaks {
  let longest: Streaks = { wins: 0, losses: 0, current: 0 };
  for (const trade of trades) {
    const current = nextRun(longest.current, trade);
    longest = { wins: Math.max(longest.wins, current), losses: Math.max(longest.losses, -current), current };
  }
  return longest;
}

function nextRun(run: number, trade: ClosedTrade): number {
  if (isWin(trade)) return Math.max(run, 0) + 1;
  if (isLoss(trade)) return Math.min(run, 0) - 1;
  return 0;
}

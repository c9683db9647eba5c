import { Decimal } from '../../shared/decimal.js';
import type { Day } from '../../shared/periods.js';
import type { DayPnl, RealizedSums } from './realized-sums.js';
import { NOTHING_REALIZED, NO_DAY, addDays } from './realized-sums.js';

/** What a part of an account (a symbol, or what is of none) realized. Best and worst are null with no closed trade. */
export interface RealizedPart {
  readonly sums: RealizedSums;
  readonly bestTrade: Decimal | null;
  readonly worstTrade: Decimal | null;
  readonly days: ReadonlyMap<Day, DayPnl>;
}

/** What the parts realized together. A day on which everything came to nothing is no day. */
export function joinParts(parts: Iterable<RealizedPart>): RealizedPart {
  let sums = NOTHING_REALIZED;
  let bestTrade: Decimal | null = null;
  let worstTrade: Decimal | null = null;
  const days = new Map<Day, DayPnl>();
  for (const part of parts) {
    sums = addSums(sums, part.sums);
    bestTrade = ofBoth((a, b) => Decimal.max(a, b), bestTrade, part.bestTrade);
    worstTrade = ofBoth((a, b) => Decimal.min(a, b), worstTrade, part.worstTrade);
    for (const [day, pnl] of part.days) days.set(day, addDays(days.get(day) ?? NO_DAY, pnl));
  }
  for (const [day, pnl] of days) if (isNothing(pnl)) days.delete(day);
  return { sums, bestTrade, worstTrade, days };
}

/** Whether a day's sums say no more than that there is no such day. */
export function isNothing({ realized, closedTrades, winningTrades }: DayPnl): boolean {
  return realized.isZero() && closedTrades === 0 && winningTrades === 0;
}

function ofBoth(
  choose: (a: Decimal, b: Decimal) => Decimal,
  a: Decimal | null,
  b: Decimal | null,
): Decimal | null {
  return a && b ? choose(a, b) : (a ?? b);
}

function addSums(a: RealizedSums, b: RealizedSums): RealizedSums {
  return {
    netDeposits: a.netDeposits.plus(b.netDeposits),
    depositsKnown: a.depositsKnown || b.depositsKnown,
    realized: a.realized.plus(b.realized),
    closedTrades: a.closedTrades + b.closedTrades,
    winningTrades: a.winningTrades + b.winningTrades,
    losingTrades: a.losingTrades + b.losingTrades,
    grossProfit: a.grossProfit.plus(b.grossProfit),
    grossLoss: a.grossLoss.plus(b.grossLoss),
    unknownBookings: a.unknownBookings + b.unknownBookings,
  };
}

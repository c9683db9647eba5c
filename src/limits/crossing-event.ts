import type { PortfolioEvent } from '../portfolio/outbound-events.js';
import { isoOf } from '../shared/periods.js';
import type { Assessment } from './domain/assessment.js';
import type { Crossing } from './domain/crossing.js';

/** `portfolio.limit_approaching`, `_breached` or `_cleared`. Numbers in the limit's unit; null where the limit was removed. */
export function crossingEvent(
  accountId: string,
  { limit, symbol, unit, standing, use, ...assessment }: Assessment,
  { event, reason, now }: Crossing & { readonly now: number },
): PortfolioEvent {
  const body = {
    account_id: accountId,
    limit,
    ...(symbol !== null && { symbol }),
    value: standing.value,
    used: use.value,
    used_pct: assessment.usedPct,
    unit,
    source: standing.from?.source ?? null,
    key: standing.from?.key ?? null,
    distance: assessment.distance,
    distance_money: assessment.distanceMoney,
    reason,
    timestamp: isoOf(now),
  };
  return { type: `portfolio.limit_${event}`, body };
}

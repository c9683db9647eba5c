import type { LimitName } from '../../../src/limits/domain/limit.js';
import type { RiskFigures } from '../../../src/limits/domain/risk-figures.js';
import type { Saying, ToldLimit } from '../../../src/limits/domain/told-limit.js';
import { toldLimit } from '../../../src/limits/domain/told-limit.js';
import { ToldLimits } from '../../../src/limits/domain/told-limits.js';
import { Decimal } from '../../../src/shared/decimal.js';

export const d = (text: string): Decimal => Decimal.parse(text);

/** 1000 of equity, half of it in BTC and a tenth in ETH, down 2 % today. */
export function figures(more: Partial<RiskFigures> = {}): RiskFigures {
  return {
    equity: d('1000'),
    walletKnown: true,
    positions: [
      { symbol: 'BTCUSDT', exposure: d('500'), leverage: d('5') },
      { symbol: 'ETHUSDT', exposure: d('100'), leverage: d('3') },
    ],
    unrealized: d('-40'),
    changeToday: d('-20'),
    dayStartEquity: d('1000'),
    dailyDrawdownPct: d('4'),
    currentDrawdownPct: d('20'),
    hasPeak: true,
    ...more,
  };
}

export function saying(limit: LimitName, raw: string | null, more: Partial<Saying> = {}): Saying {
  const where = { source: 'settings', key: 'k', symbol: null, rawUnit: 'currency' } as const;
  return { limit, raw, problem: null, readAt: null, ...where, ...more };
}

export const told = (limit: LimitName, raw: string | null, more: Partial<Saying> = {}): ToldLimit =>
  toldLimit(saying(limit, raw, more));

/** What was told, of which everything before `oldest` is too old. */
export const limitsOf = (told: readonly ToldLimit[], oldest = 0) => ({ told: new ToldLimits(told), oldest });

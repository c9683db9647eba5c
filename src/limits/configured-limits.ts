import type { Config } from '../config.js';
import type { LimitName, Unit } from './domain/limit.js';
import type { ToldLimit } from './domain/told-limit.js';
import { toldLimit } from './domain/told-limit.js';

export type LimitSettings = Pick<
  Config,
  'MAX_TOTAL_EXPOSURE_USD' | 'MAX_POSITION_PER_SYMBOL_USD' | 'MAX_POSITIONS'
>;

const SETTINGS: readonly (readonly [keyof LimitSettings, LimitName, Unit])[] = [
  ['MAX_TOTAL_EXPOSURE_USD', 'total_exposure', 'currency'],
  ['MAX_POSITION_PER_SYMBOL_USD', 'symbol_exposure', 'currency'],
  ['MAX_POSITIONS', 'positions', 'count'],
];

/** The limits that this service's own settings tell, for every account and symbol. They never age. */
export function configuredLimits(settings: LimitSettings): ToldLimit[] {
  return SETTINGS.flatMap(([key, limit, rawUnit]) => {
    const raw = settings[key];
    if (raw === undefined) return [];
    const where = { source: 'settings', key: `PORTFOLIO_${key}`, symbol: null, readAt: null } as const;
    return [toldLimit({ ...where, limit, raw, rawUnit, problem: null })];
  });
}

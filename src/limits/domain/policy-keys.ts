import type { LimitName } from './limit.js';
import type { PolicySource } from './policy-reading.js';
import type { RawUnit, Saying } from './told-limit.js';

/** A place where a source keeps a limit, and the unit it writes there. */
export interface PolicyKey {
  readonly key: string;
  readonly limit: LimitName;
  readonly rawUnit: RawUnit;
}

/** Keys of Risk & Safety. Two are fractions although they are named percent; that is how their owner reads them. */
export const POLICY_KEYS: readonly PolicyKey[] = [
  { key: 'ess.max_daily_loss_pct', limit: 'daily_loss', rawUnit: 'fraction' },
  { key: 'ess.max_drawdown_pct', limit: 'max_drawdown', rawUnit: 'fraction' },
  { key: 'ess.max_daily_drawdown_pct', limit: 'daily_drawdown', rawUnit: 'percent' },
  { key: 'ess.max_open_loss_pct', limit: 'open_loss', rawUnit: 'percent' },
];

/** Fields of `/api/risk/limits/{symbol}`. */
export const SYMBOL_KEYS: readonly PolicyKey[] = [
  { key: 'max_position_size_usd', limit: 'symbol_exposure', rawUnit: 'currency' },
  { key: 'max_leverage', limit: 'symbol_leverage', rawUnit: 'times' },
  { key: 'max_exposure_pct', limit: 'symbol_exposure_pct', rawUnit: 'percent' },
];

/** Fields of the active mode of the policy in Redis. Whether the size cap is money or a fraction of equity is not said. */
export const MODE_KEYS: readonly PolicyKey[] = [
  { key: 'max_leverage', limit: 'leverage', rawUnit: 'times' },
  { key: 'max_daily_drawdown', limit: 'daily_drawdown', rawUnit: 'fraction' },
  { key: 'max_positions', limit: 'positions', rawUnit: 'count' },
  { key: 'position_size_cap', limit: 'symbol_exposure', rawUnit: 'money_or_fraction' },
];

/** What stands for limits that could not be asked for: unknown, and why. */
export function unreadSayings(
  source: PolicySource,
  problem: string,
  { keys = source === 'risk_safety' ? POLICY_KEYS : [], symbol = null as string | null } = {},
): Saying[] {
  return keys.map((key) => ({ ...key, source, symbol, raw: null, problem, readAt: null }));
}

import { MODE_KEYS } from '../../limits/domain/policy-keys.js';
import type { PolicyNotes } from '../../limits/domain/policy-reading.js';
import type { Saying } from '../../limits/domain/told-limit.js';
import type { Micros } from '../../ledger/facts.js';
import type { Members } from './json-members.js';
import { flagIn, nestedIn, textIn } from './json-members.js';

/** What the policy in Redis says. */
export interface RedisPolicySays {
  readonly sayings: readonly Saying[];
  readonly notes: PolicyNotes;
}

/** Fields by which one of the two shapes is known; a hash is asked for these and no others. */
export const FIELDS = [
  'active_mode',
  'modes',
  'emergency_mode',
  'allow_new_trades',
  'version',
  'policy_version',
  'leverage_by_symbol',
  'universe_symbols',
] as const;

/**
 * Reads either shape: limits of the active mode, and the leverage of each symbol held. Null when none of its fields is there: then
 * somebody else wrote it.
 */
export function redisPolicyOf(
  policy: Members,
  { held, readAt }: { held: readonly string[]; readAt: Micros },
): RedisPolicySays | null {
  if (!FIELDS.some((field) => policy.has(field))) return null;
  const activeMode = textIn(policy, 'active_mode');
  return {
    sayings: [...modeSayings(policy, activeMode, readAt), ...leverageSayings(policy, held, readAt)],
    notes: {
      version: textIn(policy, 'version') ?? textIn(policy, 'policy_version'),
      activeMode,
      emergencyMode: flagIn(policy, 'emergency_mode'),
      allowNewTrades: flagIn(policy, 'allow_new_trades'),
    },
  };
}

function modeSayings(policy: Members, activeMode: string | null, readAt: Micros): Saying[] {
  if (activeMode === null && !policy.has('modes')) return [];
  const modes = nestedIn(policy, 'modes');
  const mode = modes && activeMode !== null ? nestedIn(modes, activeMode) : null;
  return MODE_KEYS.flatMap(({ key, ...meaning }) => {
    const raw = mode ? textIn(mode, key) : (activeMode ?? '');
    const problem = mode ? null : 'mode_unknown';
    const place = `modes.${activeMode ?? '?'}.${key}`;
    return raw === null
      ? []
      : [{ ...meaning, key: place, source: 'redis_policy', symbol: null, raw, problem, readAt }];
  });
}

function leverageSayings(policy: Members, held: readonly string[], readAt: Micros): Saying[] {
  const leverages = nestedIn(policy, 'leverage_by_symbol');
  if (!leverages) return [];
  return held.flatMap((symbol) => {
    const raw = textIn(leverages, symbol);
    const where = {
      limit: 'symbol_leverage',
      symbol,
      source: 'redis_policy',
      key: 'leverage_by_symbol',
    } as const;
    return raw === null ? [] : [{ ...where, raw, rawUnit: 'times', problem: null, readAt }];
  });
}

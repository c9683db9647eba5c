import type { PolicyKey } from '../../limits/domain/policy-keys.js';
import { SYMBOL_KEYS } from '../../limits/domain/policy-keys.js';
import type { EmergencyStopStatus } from '../../limits/domain/policy-reading.js';
import type { Saying } from '../../limits/domain/told-limit.js';
import type { Micros } from '../../ledger/facts.js';
import type { Decimal } from '../../shared/decimal.js';
import { Refusal } from '../../ledger/facts.js';
import { readDecimal } from '../../transport/wire/numbers.js';
import type { Json } from '../../transport/wire/json.js';
import type { Members } from './json-members.js';
import { flagIn, membersOf, nestedIn, textIn } from './json-members.js';

/** The values of all policies by key, and whether those are all; null = not such a body. */
export interface PolicyList {
  readonly values: ReadonlyMap<string, string | null>;
  readonly isWhole: boolean;
}

/** `{policies, count}`: policies by key, each a value or `{value}`, or a list of `{key, value}`. */
export function policyListOf(json: Json): PolicyList | null {
  const body = membersOf(json);
  const policies = body?.get('policies');
  const entries = Array.isArray(policies) ? listed(policies as readonly Json[]) : byKey(membersOf(policies));
  if (!body || !entries) return null;
  const values = new Map(entries);
  const count = textIn(body, 'count');
  return { values, isWhole: count === null || count === String(values.size) };
}

type Entry = readonly [key: string, value: string | null];

function listed(policies: readonly Json[]): Entry[] | null {
  const entries = policies.map((policy): Entry | null => {
    const members = membersOf(policy);
    const key = members && textIn(members, 'key');
    return key ? [key, textIn(members, 'value')] : null;
  });
  return entries.every((entry) => entry !== null) ? entries : null;
}

function byKey(policies: Members | null): Entry[] | null {
  if (!policies) return null;
  return [...policies].map(([key, value]) => {
    const nested = membersOf(value);
    return [key, nested ? textIn(nested, 'value') : textIn(policies, key)];
  });
}

/** `{key, value}` of the key that was asked for; null = not such a body. */
export function policyValueOf(json: Json, key: string): { readonly value: string | null } | null {
  const body = membersOf(json);
  return body?.has('value') && textIn(body, 'key') === key ? { value: textIn(body, 'value') } : null;
}

/** What a policy key says; null = it is not set. */
export function policySaying(key: PolicyKey, raw: string | null, readAt: Micros): Saying | null {
  return raw === null ? null : { ...key, source: 'risk_safety', symbol: null, raw, problem: null, readAt };
}

/** `{symbol, max_position_size_usd, max_leverage, max_exposure_pct, status}` of the symbol asked for; null = not such a body. */
export function symbolSayings(json: Json, symbol: string, readAt: Micros): Saying[] | null {
  const body = membersOf(json);
  if (!body || textIn(body, 'symbol')?.toUpperCase() !== symbol) return null;
  if (!SYMBOL_KEYS.some(({ key }) => body.has(key))) return null;
  return SYMBOL_KEYS.flatMap((key) => {
    const raw = textIn(body, key.key);
    const place = `risk_limits.${key.key}`;
    return raw === null
      ? []
      : [{ ...key, key: place, source: 'risk_safety', symbol, raw, problem: null, readAt }];
  });
}

/** How the emergency stop is; null = not such a body. */
export function emergencyStopOf(json: Json, readAt: Micros): EmergencyStopStatus | null {
  const body = membersOf(json);
  const state = body && textIn(body, 'state');
  if (!body || state === null || !body.has('can_execute')) return null;
  return {
    state,
    canExecute: flagIn(body, 'can_execute'),
    tripTime: textIn(body, 'trip_time'),
    tripReason: textIn(body, 'trip_reason'),
    metrics: new Map(measured(nestedIn(body, 'metrics') ?? new Map())),
    readAt,
  };
}

/** Metrics that somebody may add are of no use here until somebody says what they mean. */
const METRICS = ['daily_drawdown_pct', 'open_loss_pct', 'execution_errors'];

function measured(metrics: Members): (readonly [string, Decimal])[] {
  return METRICS.flatMap((name) => {
    const text = textIn(metrics, name);
    try {
      return text === null ? [] : [[name, readDecimal(text, name)] as const];
    } catch (error) {
      // A metric that is no number says nothing; the state is worth showing without it.
      if (error instanceof Refusal) return [];
      throw error;
    }
  });
}

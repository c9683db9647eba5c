import { isoOf, MICROS_PER_SECOND } from '../../shared/periods.js';
import { NO_NOTES } from '../domain/policy-reading.js';
import { APPROACHING_FROM_PCT } from '../domain/limit.js';
import type { ToldLimit } from '../domain/told-limit.js';
import type { LimitsState, SourceState } from './get-limits.js';
import { doubtOf } from './get-limits.js';
import type { EmergencyStopBody, LimitSourceBody, LimitsBody, ToldLimitBody } from '../bodies/limits.body.js';

type OneLimit = LimitsState['limits'][number];

const ageOf = (at: number | null, now: number) =>
  at === null ? null : Math.max(0, Math.floor((now - at) / MICROS_PER_SECOND));

export function limitsBody({ accountId, version, now, limits, sources }: LimitsState) {
  return {
    account_id: accountId,
    version,
    approaching_from_pct: APPROACHING_FROM_PCT,
    breached: limits.filter(({ state }) => state === 'breached').length,
    limits: limits.map((limit) => limitBody(limit, now)),
    sources: sources.map((source) => sourceBody(source, now)),
    ess: emergencyStopBody(
      sources.find(({ source }) => source === 'risk_safety')!,
      now,
    ),
    timestamp: isoOf(now),
  } satisfies LimitsBody;
}

function limitBody({ standing, use, announced, ...limit }: OneLimit, now: number) {
  const { from } = standing;
  return {
    limit: limit.limit,
    symbol: limit.symbol,
    state: limit.state,
    reason: limit.reason,
    unit: limit.unit,
    value: standing.value,
    source: from?.source ?? null,
    raw: from?.raw ?? null,
    raw_unit: from?.rawUnit ?? null,
    age_sec: ageOf(from?.readAt ?? null, now),
    used: use.value,
    used_reason: use.reason,
    used_pct: limit.usedPct,
    distance: limit.distance,
    distance_pct: limit.distancePct,
    distance_money: limit.distanceMoney,
    announced: announced?.state ?? null,
    announced_at: announced && isoOf(announced.since),
    told: standing.told.map((told) => toldBody(told, now)),
  };
}

function toldBody({ source, key, raw, rawUnit, value, reason, readAt }: ToldLimit, now: number) {
  return {
    source,
    key,
    raw,
    raw_unit: rawUnit,
    value,
    reason,
    age_sec: ageOf(readAt, now),
  } satisfies ToldLimitBody;
}

function sourceBody(state: SourceState, now: number) {
  const { source, isConfigured, reading } = state;
  const { version, activeMode, emergencyMode, allowNewTrades } =
    (state.isKnown && reading?.notes) || NO_NOTES;
  return {
    source,
    configured: isConfigured,
    status: state.isKnown ? 'known' : 'unknown',
    reason: doubtOf(state),
    age_sec: ageOf(reading?.readAt ?? null, now),
    asked_at: reading && isoOf(reading.askedAt),
    version,
    active_mode: activeMode,
    emergency_mode: emergencyMode,
    allow_new_trades: allowNewTrades,
  } satisfies LimitSourceBody;
}

function emergencyStopBody(state: SourceState, now: number) {
  const stop = state.emergencyStop;
  return {
    status: stop ? 'known' : 'unknown',
    reason: stop ? null : (doubtOf(state) ?? 'too_old'),
    state: stop?.state ?? null,
    can_execute: stop?.canExecute ?? null,
    trip_time: stop?.tripTime ?? null,
    trip_reason: stop?.tripReason ?? null,
    metrics: stop?.metrics ?? new Map<string, never>(),
    age_sec: ageOf(stop?.readAt ?? null, now),
  } satisfies EmergencyStopBody;
}

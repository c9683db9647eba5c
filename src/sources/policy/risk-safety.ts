import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import type { Micros } from '../../ledger/facts.js';
import type { PolicyKey } from '../../limits/domain/policy-keys.js';
import { POLICY_KEYS, SYMBOL_KEYS, unreadSayings } from '../../limits/domain/policy-keys.js';
import type { PolicyReading } from '../../limits/domain/policy-reading.js';
import { NO_NOTES } from '../../limits/domain/policy-reading.js';
import type { Saying } from '../../limits/domain/told-limit.js';
import type { Asked } from './ask-json.js';
import { askJson, isAway } from './ask-json.js';
import {
  emergencyStopOf,
  policyListOf,
  policySaying,
  policyValueOf,
  symbolSayings,
} from './risk-safety-bodies.js';

/** A symbol is a request: no more of them than this at once, and of any one reading. */
const AT_ONCE = 4;
export const MAX_SYMBOLS = 200;

interface Part {
  readonly sayings: readonly Saying[];
  /** Why a part of it could not be had; null = it could. */
  readonly problem: string | null;
  readonly isAnswered: boolean;
}

const FOREIGN = 'foreign';

/** Risk & Safety over HTTP, read only. Whatever answers there, a reading comes of it: at worst one that says why nothing is known. */
@Injectable()
export class RiskSafety {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  get isConfigured(): boolean {
    return this.config.RISK_SAFETY_SERVICE_URL !== undefined;
  }

  /** The policies, the emergency stop, and the limits of these symbols. */
  async read(symbols: readonly string[], now: Micros): Promise<PolicyReading> {
    const [policies, stop] = [await this.policies(now), await this.ask('/api/risk/ess/status')];
    const emergencyStop = stop.json === null ? null : emergencyStopOf(stop.json, now);
    const isThere = policies.isAnswered || emergencyStop !== null;
    const stopProblem = emergencyStop ? null : `ess: ${stop.problem ?? FOREIGN}`;
    const bySymbol = isThere
      ? await this.limitsOf(symbols, now)
      : unread(symbols, policies.problem ?? FOREIGN);
    const isAnswered = isThere || bySymbol.isAnswered;
    return {
      source: 'risk_safety',
      askedAt: now,
      readAt: isAnswered ? now : null,
      problem: policies.problem ?? stopProblem ?? bySymbol.problem,
      sayings: [...policies.sayings, ...bySymbol.sayings],
      notes: NO_NOTES,
      emergencyStop,
    };
  }

  /** All policies at once; one by one those that the list leaves out, or when there is no list. */
  private async policies(now: Micros): Promise<Part> {
    const asked = await this.ask('/api/policy');
    const list = asked.json === null ? null : policyListOf(asked.json);
    if (asked.problem !== null && isAway(asked.problem)) {
      return {
        sayings: unreadSayings('risk_safety', asked.problem),
        problem: asked.problem,
        isAnswered: false,
      };
    }
    const parts: Part[] = [];
    for (const key of POLICY_KEYS) {
      const isListed = list && (list.isWhole || list.values.has(key.key));
      parts.push(
        isListed
          ? told(policySaying(key, list.values.get(key.key) ?? null, now))
          : await this.policy(key, now),
      );
    }
    return joined(parts);
  }

  private async policy(key: PolicyKey, now: Micros): Promise<Part> {
    const { json, problem } = await this.ask(`/api/policy/${encodeURIComponent(key.key)}`);
    const found = json === null ? null : policyValueOf(json, key.key);
    if (found) return told(policySaying(key, found.value, now));
    const why = problem ?? FOREIGN;
    return { sayings: unreadSayings('risk_safety', why, { keys: [key] }), problem: why, isAnswered: false };
  }

  private async limitsOf(symbols: readonly string[], now: Micros): Promise<Part> {
    const parts: Part[] = [];
    const wanted = symbols.slice(0, MAX_SYMBOLS);
    let away: string | null = null;
    while (wanted.length > 0) {
      const next = wanted.splice(0, AT_ONCE);
      const found: Part[] = away
        ? [unread(next, away)]
        : await Promise.all(next.map((one) => this.symbol(one, now)));
      away ??= found.find(({ problem }) => problem !== null && isAway(problem))?.problem ?? null;
      parts.push(...found);
    }
    return joined([...parts, unread(symbols.slice(MAX_SYMBOLS), 'not_asked')]);
  }

  private async symbol(symbol: string, now: Micros): Promise<Part> {
    const { json, problem } = await this.ask(`/api/risk/limits/${encodeURIComponent(symbol)}`);
    const sayings = json === null ? null : symbolSayings(json, symbol, now);
    return sayings ? { sayings, problem: null, isAnswered: true } : unread([symbol], problem ?? FOREIGN);
  }

  private ask(path: string): Promise<Asked> {
    const base = this.config.RISK_SAFETY_SERVICE_URL!.replace(/\/+$/, '');
    return askJson(base + path, this.config.POLICY_TIMEOUT_MS);
  }
}

function told(saying: Saying | null): Part {
  return { sayings: saying ? [saying] : [], problem: null, isAnswered: true };
}

function unread(symbols: readonly string[], problem: string): Part {
  const keys = SYMBOL_KEYS.map((key) => ({ ...key, key: `risk_limits.${key.key}` }));
  const sayings = symbols.flatMap((symbol) => unreadSayings('risk_safety', problem, { keys, symbol }));
  return { sayings, problem: symbols.length > 0 ? problem : null, isAnswered: false };
}

function joined(parts: readonly Part[]): Part {
  return {
    sayings: parts.flatMap(({ sayings }) => sayings),
    problem: parts.find(({ problem }) => problem !== null)?.problem ?? null,
    isAnswered: parts.some(({ isAnswered }) => isAnswered),
  };
}

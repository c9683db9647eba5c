import { Injectable, Logger } from '@nestjs/common';
import type { Micros } from '../../ledger/facts.js';
import type { PolicyReading } from '../../limits/domain/policy-reading.js';
import { NO_NOTES } from '../../limits/domain/policy-reading.js';
import { messageOf } from '../../shared/errors.js';
import { RedisConnections } from '../../transport/redis.js';
import { MAX_TEXT_LENGTH } from '../../transport/wire/json.js';
import type { Members } from './json-members.js';
import { membersOf, parseTolerantly } from './json-members.js';
import { FIELDS, redisPolicyOf } from './redis-policy-shapes.js';

const KEY = 'quantum:policy:current';

type Found = { readonly policy: Members } | { readonly problem: string };

/** The policy that others keep in Redis, in whichever of its two shapes it is. */
@Injectable()
export class RedisPolicy {
  private readonly logger = new Logger('RedisPolicy');

  constructor(private readonly connections: RedisConnections) {}

  /**
   * What it says now; of symbols only for those held. Problems: `not_there`, `wrong_type`, `too_large`, `not_json`, `foreign`,
   * `redis_unavailable`.
   */
  async read(held: readonly string[], now: Micros): Promise<PolicyReading> {
    const found = await this.find();
    const says = 'policy' in found ? redisPolicyOf(found.policy, { held, readAt: now }) : null;
    const problem = says ? null : 'problem' in found ? found.problem : 'foreign';
    return {
      source: 'redis_policy',
      askedAt: now,
      readAt: says ? now : null,
      problem,
      sayings: says?.sayings ?? [],
      notes: says?.notes ?? NO_NOTES,
      emergencyStop: null,
    };
  }

  private async find(): Promise<Found> {
    const redis = this.connections.commands;
    try {
      const type = await redis.type(KEY);
      if (type === 'string') return await this.findText();
      if (type === 'hash') return await this.findHash();
      return { problem: type === 'none' ? 'not_there' : 'wrong_type' };
    } catch (error) {
      this.logger.debug(`${KEY}: ${messageOf(error)}`);
      return { problem: 'redis_unavailable' };
    }
  }

  private async findText(): Promise<Found> {
    const redis = this.connections.commands;
    if ((await redis.strlen(KEY)) > MAX_TEXT_LENGTH) return { problem: 'too_large' };
    const policy = membersOf(parseTolerantly((await redis.get(KEY)) ?? ''));
    return policy ? { policy } : { problem: 'not_json' };
  }

  private async findHash(): Promise<Found> {
    const redis = this.connections.commands;
    let length = 0;
    for (const field of FIELDS) length += await redis.hstrlen(KEY, field);
    if (length > MAX_TEXT_LENGTH) return { problem: 'too_large' };
    const values = await redis.hmget(KEY, ...FIELDS);
    const members = FIELDS.flatMap((field, i) =>
      typeof values[i] === 'string' ? [[field, values[i]] as const] : [],
    );
    return { policy: new Map(members) };
  }
}

import { Injectable } from '@nestjs/common';
import { isoOf } from '../shared/periods.js';
import { Clock } from '../shared/clock.js';
import { FACT_EVENTS } from './group-reader.js';
import type { Outcome } from './intake.js';
import { RedisConnections, deadLettersOf, groupOf } from './redis.js';

/** Dead-letter streams keep about this many entries each. */
const KEPT = 10_000;

/** Sends messages that can never succeed to `quantum:dlq:<event_type>`: their own fields, and what was wrong. */
@Injectable()
export class DeadLetters {
  constructor(
    private readonly redis: RedisConnections,
    private readonly clock: Clock,
  ) {}

  /** Throws when Redis does not take them: then they must not be acknowledged either. */
  async send(outcomes: readonly Outcome[]): Promise<void> {
    for (const outcome of outcomes) {
      const { delivery, code, message } = outcome;
      await this.redis.commands.xadd(
        deadLettersOf(delivery.eventType),
        'MAXLEN',
        '~',
        KEPT,
        '*',
        ...delivery.raw,
        ...['error', `${code}: ${message}`],
        ...['original_id', delivery.entryId],
        ...['deliveries', String(await this.deliveriesOf(outcome))],
        ...['failed_at', isoOf(this.clock.now())],
      );
    }
  }

  private async deliveriesOf({ delivery: { eventType, stream, entryId } }: Outcome): Promise<number> {
    if (!(FACT_EVENTS as readonly string[]).includes(eventType) || !/^\d+-\d+$/.test(entryId)) return 1;
    const pending = await this.redis.commands.xpending(stream, groupOf(eventType), entryId, entryId, 1);
    const [first] = pending as [string, string, number, number][];
    return first?.[3] ?? 1;
  }
}

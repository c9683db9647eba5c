import { Injectable, Logger } from '@nestjs/common';
import { abridged } from '../ledger/quarantine.js';
import { messageOf } from '../shared/errors.js';
import { isoOf } from '../shared/periods.js';
import { Clock } from '../shared/clock.js';
import { FACT_EVENTS } from './group-reader.js';
import type { Outcome } from './intake.js';
import { RedisConnections, deadLettersOf, groupOf, isWrongType } from './redis.js';

/** Dead-letter streams keep about this many entries each. */
const KEPT = 10_000;

/** Sends messages that can never succeed to `quantum:dlq:<event_type>`: their own fields, and what was wrong. */
@Injectable()
export class DeadLetters {
  private readonly logger = new Logger('DeadLetters');

  constructor(
    private readonly redis: RedisConnections,
    private readonly clock: Clock,
  ) {}

  /**
   * Throws when Redis does not take them: then they must not be acknowledged either. Where the key is no stream it will not take them for as long
   * as it is none, and the quarantine, which has them already, has to do.
   */
  async send(outcomes: readonly Outcome[]): Promise<void> {
    for (const outcome of outcomes) {
      try {
        await this.sendOne(outcome);
      } catch (error) {
        if (!isWrongType(error)) throw error;
        this.logger.error(`${deadLettersOf(outcome.delivery.eventType)}: ${messageOf(error)}`);
      }
    }
  }

  private async sendOne(outcome: Outcome): Promise<void> {
    const { delivery, code, message } = outcome;
    await this.redis.commands.xadd(
      deadLettersOf(delivery.eventType),
      'MAXLEN',
      '~',
      KEPT,
      '*',
      ...abridged(delivery.raw),
      ...['error', `${code}: ${message}`],
      ...['original_id', delivery.entryId],
      ...['deliveries', String(await this.deliveriesOf(outcome))],
      ...['failed_at', isoOf(this.clock.now())],
    );
  }

  private async deliveriesOf({ delivery: { eventType, stream, entryId } }: Outcome): Promise<number> {
    if (!(FACT_EVENTS as readonly string[]).includes(eventType) || !/^\d+-\d+$/.test(entryId)) return 1;
    const pending = await this.redis.commands.xpending(stream, groupOf(eventType), entryId, entryId, 1);
    const [first] = pending as [string, string, number, number][];
    return first?.[3] ?? 1;
  }
}

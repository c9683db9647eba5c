import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ChainableCommander } from 'ioredis';
import type { OutboxEvent } from '../ledger/outbox.js';
import { Clock } from '../shared/clock.js';
import { messageOf } from '../shared/errors.js';
import { isoOf } from '../shared/periods.js';
import { RedisConnections, streamOf } from './redis.js';

/** How long our streams are kept, about. */
const KEPT = 10_000;
const SOURCE = 'portfolio_intelligence';

/** What became of what was sent. */
export interface Sent {
  /** The types whose stream did not take them, each with the reason: everything else has left. */
  readonly failed: ReadonlyMap<string, string>;
  /** The answers to what was added behind the events. */
  readonly behind: readonly unknown[];
}

/** Sends events to their stream and, for Nest peers, to the pub/sub channel of the same name. */
@Injectable()
export class Publisher {
  constructor(
    private readonly redis: RedisConnections,
    private readonly clock: Clock,
  ) {}

  /** Sends events in order, all in one round trip; `more` may add commands that belong to them. Throws when nothing was sent, or nobody knows. */
  async send(
    events: readonly OutboxEvent[],
    more: (multi: ChainableCommander) => void = () => undefined,
  ): Promise<Sent> {
    const multi = this.redis.commands.multi();
    for (const event of events) this.add(multi, event);
    more(multi);
    const replies = (await multi.exec()) ?? [];
    const failed = new Map<string, string>();
    replies.forEach(([error], index) => {
      // Two commands an event, and behind them what belongs to all of them.
      if (error) failed.set(events[Math.floor(index / 2)]?.type ?? 'more', messageOf(error));
    });
    return { failed, behind: replies.slice(2 * events.length).map(([, reply]) => reply) };
  }

  private add(multi: ChainableCommander, { type, payload }: OutboxEvent): void {
    // The house's envelope stamps UTC without a zone.
    const timestamp = isoOf(this.clock.now()).slice(0, -6);
    multi.xadd(
      streamOf(type),
      'MAXLEN',
      '~',
      KEPT,
      '*',
      ...['event_type', type],
      ...['payload', payload],
      ...['trace_id', ''],
      ...['correlation_id', randomUUID()],
      ...['timestamp', timestamp],
      ...['source', SOURCE],
    );
    multi.publish(type, `{"pattern":${JSON.stringify(type)},"data":${payload}}`);
  }
}

import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../database/database.js';
import { Metrics } from '../ledger/metrics.js';
import {
  forgetPublished,
  markPublished,
  newestPublished,
  republishAfter,
  unpublished,
} from '../ledger/outbox.js';
import { Publisher } from './publisher.js';
import { RedisConnections } from './redis.js';

const BATCH = 200;
/** Published events are kept this long, to be sent again should Redis lose its memory. */
const KEPT_MINUTES = 30;
/** Redis holds this with the events themselves: when it lost them, it lost this too. */
const MARKER = 'quantum:portfolio_intelligence:outbox_marker';

/** Carries durable events from the outbox to Redis, in order, at least once, each with the identity it was born with. */
@Injectable()
export class OutboxRelay {
  private readonly logger = new Logger('OutboxRelay');
  private lastPublished: string | null = null;
  private readonly versions = new Map<string, number>();
  private said = '';
  private tail: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly publisher: Publisher,
    private readonly redis: RedisConnections,
    private readonly metrics: Metrics,
  ) {}

  /** The version up to which an account's durable events have left; undefined before the first since start. */
  relayedUpTo(accountId: string): number | undefined {
    return this.versions.get(accountId);
  }

  /** Sends everything that waits when it is called, and again what Redis lost. Throws when Redis or the database is away; nothing is lost by that. */
  drain(): Promise<void> {
    const result = this.tail.then(() => this.drainAlone());
    this.tail = result.catch(() => undefined);
    return result;
  }

  private async drainAlone(): Promise<void> {
    // Before anything is sent: what is sent moves the marker, and would hide that the rest is gone.
    await this.recover();
    const stuck = new Map<string, string>();
    for (;;) {
      const events = await unpublished(this.database, BATCH, [...stuck.keys()]);
      this.metrics.outboxPending.set(events.length);
      if (events.length === 0) break;
      const last = events.at(-1)!.id;
      const failed = await this.publisher.send(events, (multi) => multi.set(MARKER, last));
      for (const [type, reason] of failed) stuck.set(type, reason);
      const left = events.filter(({ type }) => !failed.has(type));
      await markPublished(
        this.database,
        left.map((event) => event.id),
      );
      this.lastPublished = last;
      this.metrics.published.inc(left.length);
      for (const { accountId, version } of left) this.versions.set(accountId, version);
    }
    await this.tell(stuck);
  }

  /** A stream that takes nothing keeps its own events waiting and nobody else's: what has left must not be sent again for its sake. */
  private async tell(stuck: ReadonlyMap<string, string>): Promise<void> {
    const said = [...stuck].map(([type, reason]) => `${type} waits: ${reason}`).join('; ');
    if (said !== '' && said !== this.said) this.logger.error(said);
    this.said = said;
    if (stuck.size > 0) this.metrics.outboxPending.set((await unpublished(this.database, BATCH)).length);
  }

  /** Takes back what Redis lost: it came back with an older marker than we left, or with none. */
  private async recover(): Promise<void> {
    this.lastPublished ??= await newestPublished(this.database);
    const marker = (await this.redis.commands.get(MARKER)) ?? '0';
    if (BigInt(marker) >= BigInt(this.lastPublished)) return;
    const count = await republishAfter(this.database, marker, KEPT_MINUTES);
    if (count > 0)
      this.logger.warn(`Redis lost its memory after event ${marker}: ${count} events are sent again`);
    this.lastPublished = marker;
  }

  async forget(): Promise<void> {
    await forgetPublished(this.database, KEPT_MINUTES);
  }
}

import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../database/database.js';
import { Metrics } from '../ledger/metrics.js';
import type { StoredOutboxEvent } from '../ledger/outbox.js';
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
  private readonly relayed = new Map<string, number>();
  private said = '';
  private tail: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly publisher: Publisher,
    private readonly redis: RedisConnections,
    private readonly metrics: Metrics,
  ) {}

  /** The version up to which an account's durable events have left, or wait for a stream that takes none; undefined before the first since start. */
  relayedUpTo(accountId: string): number | undefined {
    return this.relayed.get(accountId);
  }

  /** Sends everything that waits when it is called, and again what Redis lost. Throws when Redis or the database is away; nothing is lost by that. */
  drain(): Promise<void> {
    const result = this.tail.then(() => this.drainAlone());
    this.tail = result.catch(() => undefined);
    return result;
  }

  private async drainAlone(): Promise<void> {
    // Looked for before anything is sent: what is sent moves the marker, and would hide that the rest is gone.
    const [lost, found] = await Promise.all([this.recover(), unpublished(this.database, BATCH)]);
    let events = lost > 0 ? await unpublished(this.database, BATCH) : found;
    const stuck = new Map<string, string>();
    const versions = new Map<string, number>();
    while (events.length > 0) {
      this.metrics.outboxPending.set(events.length);
      for (const [type, reason] of await this.send(events)) stuck.set(type, reason);
      for (const { accountId, version } of events) versions.set(accountId, version);
      events = events.length < BATCH ? [] : await unpublished(this.database, BATCH, [...stuck.keys()]);
    }
    const waiting = stuck.size === 0 ? [] : await unpublished(this.database, BATCH);
    this.metrics.outboxPending.set(waiting.length);
    // Only now: the events of one version may have been in two lots.
    for (const [accountId, version] of versions) this.relayed.set(accountId, version);
    this.tell(stuck);
  }

  /** A stream that takes nothing keeps its own events waiting and nobody else's: what has left must not be sent again for its sake. */
  private tell(stuck: ReadonlyMap<string, string>): void {
    const said = [...stuck].map(([type, reason]) => `${type} waits: ${reason}`).join('; ');
    if (said !== '' && said !== this.said) this.logger.error(said);
    this.said = said;
  }

  /** Returns the types that did not leave, each with the reason. */
  private async send(events: readonly StoredOutboxEvent[]): Promise<ReadonlyMap<string, string>> {
    const last = events.at(-1)!.id;
    const failed = await this.publisher.send(events, (multi) => multi.set(MARKER, last));
    const left = events.filter(({ type }) => !failed.has(type));
    await markPublished(
      this.database,
      left.map((event) => event.id),
    );
    this.lastPublished = last;
    this.metrics.published.inc(left.length);
    return failed;
  }

  /** Takes back what Redis lost: it came back with an older marker than we left, or with none. Returns how many events. */
  private async recover(): Promise<number> {
    this.lastPublished ??= await newestPublished(this.database);
    const marker = (await this.redis.commands.get(MARKER)) ?? '0';
    if (BigInt(marker) >= BigInt(this.lastPublished)) return 0;
    const count = await republishAfter(this.database, marker, KEPT_MINUTES);
    if (count > 0)
      this.logger.warn(`Redis lost its memory after event ${marker}: ${count} events are sent again`);
    this.lastPublished = marker;
    return count;
  }

  async forget(): Promise<void> {
    await forgetPublished(this.database, KEPT_MINUTES);
  }
}

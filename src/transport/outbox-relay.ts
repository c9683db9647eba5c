import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../database/database.js';
import { Metrics } from '../ledger/metrics.js';
import type { StoredOutboxEvent } from '../ledger/outbox.js';
import type { OutboxStep } from '../ledger/outbox-handover.js';
import { OutboxHandover } from '../ledger/outbox-handover.js';
import {
  forgetPublished,
  markPublished,
  newestPublished,
  republishAfter,
  unpublished,
} from '../ledger/outbox.js';
import type { Sent } from './publisher.js';
import { Publisher } from './publisher.js';
import { RedisConnections } from './redis.js';

const BATCH = 200;
/** Published events are kept this long, to be sent again should Redis lose its memory. */
const KEPT_MINUTES = 30;
/** Redis holds this with the events themselves: when it lost them, it lost this too. */
const MARKER = 'quantum:portfolio_intelligence:outbox_marker';
/** So long after a look at the outbox and the marker what is handed over may leave before the next one. */
const LOOK_HOLDS_MS = 600;
/** With commits coming all the while, so often we look nevertheless; without, at each beat. */
const LOOK_MS = 250;

/**
 * Carries durable events from the outbox to Redis, in order, at least once, each with the identity it was born with. What this process
 * committed leaves as it is handed over while it continues what has left; the outbox is asked for all the rest.
 */
@Injectable()
export class OutboxRelay {
  private readonly logger = new Logger('OutboxRelay');
  /** What the marker in Redis is, unless Redis lost its memory. */
  private lastPublished: string | null = null;
  /** The older marker that Redis turned out to have had, until what came behind it is taken back. */
  private lostAfter: string | null = null;
  /** The version up to which an account's durable events have left, or wait for a stream that takes none. */
  private readonly relayed = new Map<string, number>();
  /** The version up to which they have left or are on their way. */
  private readonly leaving = new Map<string, number>();
  /** What has left and is not marked yet: a mark is a commit of its own, and many share one. */
  private unmarked: string[] = [];
  /** By the process' own clock: when the outbox was last seen empty, and Redis with all its memory. */
  private lookedAt = -Infinity;
  private said = '';
  private tail: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly publisher: Publisher,
    private readonly redis: RedisConnections,
    private readonly metrics: Metrics,
    private readonly handover: OutboxHandover,
  ) {
    // Whoever answers next may remember less: it is looked at before anything is sent.
    this.redis.commands.on('close', () => (this.lookedAt = -Infinity));
  }

  /** Sends everything that waits when it is called, and again what Redis lost. Throws when Redis or the database is away; nothing is lost by that. */
  drain(): Promise<void> {
    const result = this.tail.then(() => this.drainAlone());
    this.tail = result.catch(() => undefined);
    return result;
  }

  /** Resolves when this version's events have left, as far as they can. Throws like `drain`. */
  async drainUpTo(accounts: readonly { accountId: string; version: number }[]): Promise<void> {
    const waits = () =>
      accounts.some(({ accountId, version }) => (this.relayed.get(accountId) ?? -1) < version);
    if (waits()) await this.tail;
    if (waits()) await this.drain();
  }

  /** Whether a later version of this account has left or is leaving: another replica committed it, and our book follows. */
  isAheadOf({ accountId, version }: { readonly accountId: string; readonly version: number }): boolean {
    return (this.leaving.get(accountId) ?? -1) > version;
  }

  /** Sends and marks all there is, for an end. Throws like `drain`. */
  finish(): Promise<void> {
    const result = this.tail.then(() => this.sendAll());
    this.tail = result.catch(() => undefined);
    return result;
  }

  private drainAlone(): Promise<void> {
    const steps = this.handover.take();
    const isFresh = performance.now() - this.lookedAt < LOOK_HOLDS_MS;
    return isFresh && steps && this.isNext(steps) ? this.sendHandedOver(steps) : this.sendAll();
  }

  /** Whether these are all that has to leave next, as far as their accounts go: what another replica committed between is not with us. */
  private isNext(steps: readonly OutboxStep[]): boolean {
    const left = new Map<string, number>();
    return (
      steps.length > 0 &&
      steps.every(({ accountId, previousVersion, version }) => {
        const before = left.get(accountId) ?? this.relayed.get(accountId);
        left.set(accountId, version);
        return before === previousVersion;
      })
    );
  }

  private async sendHandedOver(steps: readonly OutboxStep[]): Promise<void> {
    const { lookedAt } = this;
    this.lookedAt = -Infinity;
    const failed = await this.send(steps.flatMap(({ events }) => events));
    for (const { accountId, version } of steps) this.relayed.set(accountId, version);
    if (failed.size === 0 && this.lostAfter === null) this.lookedAt = lookedAt;
    if (performance.now() - this.lookedAt > LOOK_MS) await this.sendAll();
  }

  private async sendAll(): Promise<void> {
    const since = performance.now();
    this.lookedAt = -Infinity;
    await this.mark();
    // Looked for before anything is sent: what is sent moves the marker, and would hide that the rest is gone.
    const [lost, found] = await Promise.all([this.recover(), unpublished(this.database, BATCH)]);
    let events = lost > 0 ? await unpublished(this.database, BATCH) : found;
    const stuck = new Map<string, string>();
    const versions = new Map<string, number>();
    while (events.length > 0) {
      this.metrics.outboxPending.set(events.length);
      for (const [type, reason] of await this.send(events)) stuck.set(type, reason);
      await this.mark();
      for (const { accountId, version } of events) versions.set(accountId, version);
      events = events.length < BATCH ? [] : await unpublished(this.database, BATCH, [...stuck.keys()]);
    }
    const waiting = stuck.size === 0 ? [] : await unpublished(this.database, BATCH);
    this.metrics.outboxPending.set(waiting.length);
    // Only now: the events of one version may have been in two lots.
    for (const [accountId, version] of versions) this.relayed.set(accountId, version);
    this.tell(stuck);
    if (this.lostAfter !== null) return this.sendAll();
    if (stuck.size === 0) this.lookedAt = since;
  }

  /** A stream that takes nothing keeps its own events waiting and nobody else's: what has left must not be sent again for its sake. */
  private tell(stuck: ReadonlyMap<string, string>): void {
    const said = [...stuck].map(([type, reason]) => `${type} waits: ${reason}`).join('; ');
    if (said !== '' && said !== this.said) this.logger.error(said);
    this.said = said;
  }

  /** Returns the types that did not leave, each with the reason. Sets `lostAfter` when Redis turns out to have lost its memory before. */
  private async send(events: readonly StoredOutboxEvent[]): Promise<Sent['failed']> {
    const last = events.at(-1)!.id;
    for (const { accountId, version } of events)
      this.leaving.set(accountId, Math.max(version, this.leaving.get(accountId) ?? 0));
    const { failed, behind } = await this.publisher.send(events, (multi) => multi.set(MARKER, last, 'GET'));
    const left = events.filter(({ type }) => !failed.has(type));
    for (const { id } of left) this.unmarked.push(id);
    this.metrics.published.inc(left.length);
    // Without an answer to it the marker is what it was, and so is what is known of it.
    if (failed.has('more')) return failed;
    const marker = (behind[0] as string | null) ?? '0';
    if (marker !== this.lastPublished) this.lostAfter ??= marker;
    this.lastPublished = last;
    return failed;
  }

  private async mark(): Promise<void> {
    if (this.unmarked.length === 0) return;
    await markPublished(this.database, this.unmarked);
    this.unmarked = [];
  }

  /**
   * Takes back what Redis lost: its marker is not the one that we left there. That it is another replica's costs nothing: nothing was marked
   * behind that. Returns how many events.
   */
  private async recover(): Promise<number> {
    this.lastPublished ??= await newestPublished(this.database);
    const marker = this.lostAfter ?? (await this.redis.commands.get(MARKER)) ?? '0';
    if (marker === this.lastPublished) return 0;
    const count = await republishAfter(this.database, marker, KEPT_MINUTES);
    if (count > 0)
      this.logger.warn(`Redis lost its memory after event ${marker}: ${count} events are sent again`);
    // Where the loss showed by what was just sent, that is the marker now.
    if (this.lostAfter === null) this.lastPublished = marker;
    this.lostAfter = null;
    return count;
  }

  async forget(): Promise<void> {
    await forgetPublished(this.database, KEPT_MINUTES);
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import type { Config } from '../config.js';
import { CONFIG } from '../config.js';
import type { Delivery } from './intake.js';
import { ReadAhead } from './read-ahead.js';
import { RedisConnections, compareEntryIds, eventTypeOf, groupOf, streamOf } from './redis.js';
import { StreamGaps } from './stream-gaps.js';
import { textOf } from './wire/json.js';

/** The streams whose entries are facts (or reports that may become one): each is handled by one replica of the group. */
export const FACT_EVENTS = [
  'trade.opened',
  'trade.closed',
  'trade.corrected',
  'order.executed',
  'execution.result',
  'trade.execution.res',
  'apply.result',
  'ess.tripped',
  'account.cash_flow',
  'account.balance',
  'position.snapshot',
  'policy.update',
  'policy.updated',
] as const;

const STREAMS = FACT_EVENTS.map(streamOf);
const BLOCK_MS = 1_000;
/** How often own pending entries are read again, and gaps looked for. */
const REVIEW_MS = 5_000;

/** A message read through a consumer group; it stays pending until acknowledged. */
export type Received = Delivery;

type RawEntry = [id: Buffer, fields: Buffer[] | null];
type RawReply = [stream: Buffer, entries: RawEntry[]][] | null;

/**
 * Reads all fact streams as one sequence: each has its own group, so they are read in one pipeline, and their entries are put in the order
 * of their ids. First what this consumer left pending, now and then what dead consumers left, then what is new.
 */
@Injectable()
export class GroupReader {
  /** Those of our streams that can be read. */
  private streams: readonly string[] = STREAMS;
  private readonly redis: Redis;
  /** Entries read ahead of slower streams: they wait here until the others have caught up with them. */
  private readonly ahead: ReadAhead;
  private lastSeen = new Map<string, string>();
  private ready = false;
  /** The last look took all there was: it is enough to be woken by what comes next. */
  private caughtUp = false;
  /** By the process' own clock: the machine's may jump back, and nothing would be due for as long. */
  private reviewedAt = -Infinity;
  private claimedAt = -Infinity;
  private waiting = false;

  constructor(
    private readonly connections: RedisConnections,
    private readonly gaps: StreamGaps,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.ahead = new ReadAhead(config.BATCH_SIZE);
    this.redis = connections.connect('facts');
    this.redis.on('close', () => this.startOver());
  }

  /** Forgets what was read ahead and begins with the pending entries again. */
  startOver(): void {
    this.ready = false;
    this.caughtUp = false;
    this.ahead.release();
  }

  /** Ends a blocking read early. One that takes entries is let be: cut off, they would stay pending in the hands of nobody. */
  wake(): void {
    if (this.waiting) this.redis.disconnect(false);
  }

  /** What was read ahead of slower streams and not given out yet; it is given out now. */
  held(): Received[] {
    return this.ahead.release();
  }

  /** The next messages, oldest first; empty when there are none for a second. */
  async read(): Promise<Received[]> {
    if (!this.ready) await this.prepare();
    const now = performance.now();
    if (now - this.reviewedAt >= REVIEW_MS) {
      this.reviewedAt = now;
      this.caughtUp = false;
      if (this.streams.length < STREAMS.length) this.streams = await this.gaps.ensureGroups(STREAMS);
      await this.gaps.look(this.streams);
      const pending = await this.readPending();
      if (pending.length > 0) return pending;
    }
    if (now - this.claimedAt >= this.config.CLAIM_IDLE_MS / 2) {
      this.claimedAt = now;
      const claimed = await this.claim();
      if (claimed.length > 0) return claimed;
    }
    // After a look that took all there was, what we are woken for is all there is. Woken for nothing, we look at all: a group may have been set back.
    const woken = this.caughtUp ? await this.waitForMore() : [];
    const fresh = await this.readFresh(woken.length > 0 ? woken : this.streams);
    this.caughtUp = !this.ahead.hasMore;
    // Nobody sent anything for a second, or others took it: what they took must not wake us entry by entry.
    if (fresh.length === 0) await this.followGroups();
    return fresh;
  }

  /** What is there already, without waiting for it; empty as well when it is time to look after pending entries first. */
  async readAhead(): Promise<Received[]> {
    const isDue = performance.now() - this.reviewedAt >= REVIEW_MS;
    return this.ahead.hasMore && this.ready && !isDue ? this.readFresh(this.streams) : [];
  }

  /** Acknowledges what is committed. */
  async acknowledge(batch: readonly Received[]): Promise<void> {
    const ids = new Map<string, string[]>();
    for (const { stream, entryId } of batch) {
      const known = ids.get(stream);
      if (known) known.push(entryId);
      else ids.set(stream, [entryId]);
    }
    const pipeline = this.connections.commands.pipeline();
    for (const [stream, entryIds] of ids) pipeline.xack(stream, groupOf(eventTypeOf(stream)), ...entryIds);
    await pipeline.exec();
  }

  private async prepare(): Promise<void> {
    if (this.redis.status === 'end') await this.redis.connect();
    this.streams = await this.gaps.ensureGroups(STREAMS);
    // A Redis that lost its memory counts from the beginning.
    this.lastSeen.clear();
    await this.followGroups();
    this.ready = true;
    this.reviewedAt = -Infinity;
  }

  /** What we read ahead ourselves is pending too, and its turn comes: taken now, it would be out of order, and taken twice. */
  private async readPending(): Promise<Received[]> {
    return this.ahead.without(await this.readGroups('0', this.streams));
  }

  private async readFresh(streams: readonly string[]): Promise<Received[]> {
    const full = this.ahead.full();
    return this.ahead.inTurn(await this.look(streams, (stream) => !full.has(stream)));
  }

  /** Takes what these streams have; where it is more than one entry, what the others have may belong between. */
  private async look(streams: readonly string[], isOpen: (stream: string) => boolean): Promise<Received[]> {
    const found = await this.readGroups('>', streams.filter(isOpen));
    if (found.length <= 1) return found;
    const others = this.streams.filter((stream) => !streams.includes(stream));
    return [...found, ...(await this.readGroups('>', others.filter(isOpen)))];
  }

  private async readGroups(from: '0' | '>', streams: readonly string[]): Promise<Received[]> {
    if (streams.length === 0) return [];
    const pipeline = this.redis.pipeline();
    const { REPLICA, BATCH_SIZE } = this.config;
    for (const stream of streams) {
      const reader = ['GROUP', groupOf(eventTypeOf(stream)), REPLICA] as const;
      pipeline.callBuffer('XREADGROUP', ...reader, 'COUNT', BATCH_SIZE, 'STREAMS', stream, from);
    }
    const replies = (await pipeline.exec()) ?? [];
    const found: Received[] = [];
    for (const [error, reply] of replies) {
      if (error) throw error;
      for (const [stream, entries] of (reply as RawReply) ?? [])
        found.push(...(await this.received(stream.toString(), entries)));
    }
    return found;
  }

  /** Entries that others left pending for too long: they are dead, or as good as dead. Not those that we hold ourselves. */
  private async claim(): Promise<Received[]> {
    const claimed: Received[] = [];
    for (const stream of this.streams) {
      const group = groupOf(eventTypeOf(stream));
      const { REPLICA, CLAIM_IDLE_MS, BATCH_SIZE } = this.config;
      const reply = (await this.redis.callBuffer(
        'XAUTOCLAIM',
        stream,
        group,
        REPLICA,
        CLAIM_IDLE_MS,
        '0-0',
        'COUNT',
        BATCH_SIZE,
      )) as [Buffer, RawEntry[], Buffer[]];
      if ((reply[2]?.length ?? 0) > 0)
        this.gaps.raise(stream, `${reply[2].length} pending entries were deleted before they were handled`);
      claimed.push(...(await this.received(stream, reply[1])));
    }
    return this.ahead.without(claimed);
  }

  private async received(stream: string, entries: readonly RawEntry[]): Promise<Received[]> {
    const eventType = eventTypeOf(stream);
    const lost = entries.filter(([, fields]) => fields === null).map(([id]) => id.toString());
    if (lost.length > 0) {
      this.gaps.raise(stream, `${lost.length} pending entries were deleted before they were handled`);
      await this.connections.commands.xack(stream, groupOf(eventType), ...lost);
    }
    const last = entries.at(-1)?.[0].toString();
    if (last) this.saw(stream, last);
    return entries.flatMap(([id, raw]) =>
      raw ? [{ eventType, stream, entryId: id.toString(), raw, fields: raw.map(textOf) }] : [],
    );
  }

  /** Waits from where the groups stand: what lies behind that was given to somebody, what lies ahead to nobody. */
  private async followGroups(): Promise<void> {
    for (const [stream, id] of await this.gaps.deliveredUpTo(this.streams)) this.saw(stream, id);
  }

  /** Only forward: what was pending is older than what was seen, and waiting from there would wake at once. */
  private saw(stream: string, entryId: string): void {
    const seen = this.lastSeen.get(stream);
    if (seen === undefined || compareEntryIds(entryId, seen) > 0) this.lastSeen.set(stream, entryId);
  }

  /** Blocks until any stream has something new (or a second has passed) without taking it. Returns the streams that have. */
  private async waitForMore(): Promise<string[]> {
    const after = this.streams.map((stream) => this.lastSeen.get(stream) ?? '0-0');
    this.waiting = true;
    const reply = await this.redis
      .xread('COUNT', 1, 'BLOCK', BLOCK_MS, 'STREAMS', ...this.streams, ...after)
      .finally(() => (this.waiting = false));
    const news = (reply ?? []) as [string, [string, string[]][]][];
    for (const [stream, entries] of news) this.saw(stream, entries.at(-1)![0]);
    return news.map(([stream]) => stream);
  }
}

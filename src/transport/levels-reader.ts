import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { ServiceWarnings } from '../portfolio/warnings.js';
import { messageOf } from '../shared/errors.js';
import { ByteReplies } from './byte-replies.js';
import { Levels } from './levels.js';
import { RedisConnections, eventTypeOf, isWrongType, streamOf } from './redis.js';
import { entriesIn, streamsIn } from './wire/entry-bytes.js';

/** The streams whose entries are prices: every replica reads them all, and only the newest of each symbol counts. */
const LEVEL_EVENTS = ['market.tick', 'market.klines', 'exchange.normalized', 'exchange.raw'] as const;

const BLOCK_MS = 1_000;
/** Entries a read: few enough for their parsing not to hold up a trade. */
const COUNT = 1_000;
const READ = ['XREAD', 'COUNT', COUNT, 'BLOCK', BLOCK_MS, 'STREAMS'] as const;
/** How many entries are looked back through at start for the newest mark of each symbol. */
const LOOK_BACK = 5_000;
/** A frozen server answers nothing: the connection is given up after this long. */
const ANSWER_WITHIN_MS = 5_000;
/** An answer larger than this is taken in before the next is asked for: prices have 400 bytes each, and two answers are in memory otherwise. */
const LARGE_BYTES = 4_000_000;
/**
 * When an answer brings fewer entries than this, more of them gather before the next question: at a thousand prices a second, one question
 * each would cost more than the prices.
 */
const FEW = 50;
const GATHER_MS = 2;
const BACK_OFF_MS = 500;
/** How often a key that is no stream is looked at again. */
const LOOK_AGAIN_MS = 5_000;

/** Reads prices from where they stand now on: a level needs no group, no acknowledgement and no database write. */
@Injectable()
export class LevelsReader {
  private readonly logger = new Logger('Levels');
  private readonly redis: Redis;
  private readonly replies: ByteReplies;
  private readonly positions = new Map<string, string>();
  /** What was asked while prices were taken in; no other question may be asked before it is answered. */
  private ahead: Promise<Buffer> | null = null;
  private lookedBackAt = 0;
  private closed = false;
  private running: Promise<void> = Promise.resolve();

  constructor(
    connections: RedisConnections,
    private readonly levels: Levels,
    private readonly warnings: ServiceWarnings,
  ) {
    this.redis = connections.connect('levels');
    this.replies = new ByteReplies(this.redis, ANSWER_WITHIN_MS);
  }

  /** Takes in the newest prices from before we listened, when Redis answers now; the reading goes on from there. */
  async start(): Promise<void> {
    try {
      await this.lookBack();
    } catch (error) {
      this.logger.warn(`last prices come from the database only: ${messageOf(error)}`);
      this.positions.clear();
    }
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.closed = true;
    this.redis.disconnect(false);
    await this.running;
  }

  private async run(): Promise<void> {
    let failing = false;
    this.warnings.heard('prices');
    while (!this.closed) {
      try {
        if (!this.ahead && (this.positions.size === 0 || this.isDueAgain())) await this.lookBack();
        await this.readOnce();
        this.warnings.heard('prices');
        failing = false;
      } catch (error) {
        if (this.closed) return;
        if (!failing) this.logger.warn(`prices wait: ${messageOf(error)}`);
        failing = true;
        // Redis may come back with less than it had: ask again where the streams end.
        this.positions.clear();
        // Nor is it known any more which question the next answer belongs to.
        if (this.redis.status === 'ready') this.redis.disconnect(true);
        await this.ahead?.catch(() => undefined);
        this.ahead = null;
        await pause(BACK_OFF_MS);
      }
    }
  }

  /** The newest prices from before we listened, oldest first. A key that is no stream must not stop the others. */
  private async lookBack(): Promise<void> {
    this.lookedBackAt = performance.now();
    for (const eventType of LEVEL_EVENTS.filter((type) => !this.positions.has(type))) {
      const warning = `stream_unreadable:${eventType}`;
      try {
        await this.lookBackAt(eventType);
        this.warnings.clear(warning);
      } catch (error) {
        if (!isWrongType(error)) throw error;
        this.warnings.raise(warning);
      }
    }
  }

  private async lookBackAt(eventType: string): Promise<void> {
    const range = [streamOf(eventType), '+', '-', 'COUNT', LOOK_BACK];
    const entries = entriesIn(await this.replies.ask(['XREVRANGE', ...range])).reverse();
    await this.levels.take(eventType, entries);
    this.positions.set(eventType, entries.at(-1)?.id ?? '0-0');
  }

  /** Whether some stream was no stream when it was looked at, a while ago. */
  private isDueAgain(): boolean {
    return (
      this.positions.size < LEVEL_EVENTS.length && performance.now() - this.lookedBackAt >= LOOK_AGAIN_MS
    );
  }

  private async readOnce(): Promise<void> {
    if (this.positions.size === 0) return pause(BLOCK_MS);
    const reply = await (this.ahead ?? this.read());
    this.ahead = null;
    const streams = streamsIn(reply);
    for (const [stream, entries] of streams) this.positions.set(eventTypeOf(stream), entries.at(-1)!.id);
    const isCrowded = streams.some(([, entries]) => entries.length >= FEW);
    if (isCrowded && reply.length < LARGE_BYTES && !this.isDueAgain()) this.readAhead();
    for (const [stream, entries] of streams) await this.levels.take(eventTypeOf(stream), entries);
    if (!isCrowded) await pause(GATHER_MS);
  }

  /** Redis puts together the next prices while these are taken in. */
  private readAhead(): void {
    this.ahead = this.read();
    // It is waited for later; until then a failure is nobody's.
    this.ahead.catch(() => undefined);
  }

  private read(): Promise<Buffer> {
    const [streams, positions] = [[...this.positions.keys()].map(streamOf), this.positions.values()];
    return this.replies.ask([...READ, ...streams, ...positions]);
  }
}

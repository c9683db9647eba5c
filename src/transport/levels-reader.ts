import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { ServiceWarnings } from '../portfolio/warnings.js';
import { messageOf } from '../shared/errors.js';
import { Levels } from './levels.js';
import { RedisConnections, eventTypeOf, isWrongType, streamOf } from './redis.js';

/** The streams whose entries are prices: every replica reads them all, and only the newest of each symbol counts. */
const LEVEL_EVENTS = ['market.tick', 'market.klines', 'exchange.normalized', 'exchange.raw'] as const;

const BLOCK_MS = 1_000;
/** Entries a read: few enough for their parsing not to hold up a trade. */
const COUNT = 1_000;
/** How many entries are looked back through at start for the newest mark of each symbol. */
const LOOK_BACK = 5_000;
const BACK_OFF_MS = 500;
/** How often a key that is no stream is looked at again. */
const LOOK_AGAIN_MS = 5_000;

/** Reads prices from where they stand now on: a level needs no group, no acknowledgement and no database write. */
@Injectable()
export class LevelsReader {
  private readonly logger = new Logger('Levels');
  private readonly redis: Redis;
  private readonly positions = new Map<string, string>();
  private lookedBackAt = 0;
  private closed = false;
  private running: Promise<void> = Promise.resolve();

  constructor(
    connections: RedisConnections,
    private readonly levels: Levels,
    private readonly warnings: ServiceWarnings,
  ) {
    this.redis = connections.connect('levels');
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
        if (this.positions.size === 0 || this.isDueAgain()) await this.lookBack();
        await this.readOnce();
        this.warnings.heard('prices');
        failing = false;
      } catch (error) {
        if (this.closed) return;
        if (!failing) this.logger.warn(`prices wait: ${messageOf(error)}`);
        failing = true;
        // Redis may come back with less than it had: ask again where the streams end.
        this.positions.clear();
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
    const newestFirst = await this.redis.xrevrangeBuffer(streamOf(eventType), '+', '-', 'COUNT', LOOK_BACK);
    const entries = newestFirst.reverse();
    await this.levels.take(eventType, entries);
    this.positions.set(eventType, entries.at(-1)?.[0].toString() ?? '0-0');
  }

  /** Whether some stream was no stream when it was looked at, a while ago. */
  private isDueAgain(): boolean {
    return (
      this.positions.size < LEVEL_EVENTS.length && performance.now() - this.lookedBackAt >= LOOK_AGAIN_MS
    );
  }

  private async readOnce(): Promise<void> {
    const events = [...this.positions.keys()];
    if (events.length === 0) return pause(BLOCK_MS);
    const reply = await this.redis.xreadBuffer(
      'COUNT',
      COUNT,
      'BLOCK',
      BLOCK_MS,
      'STREAMS',
      ...events.map(streamOf),
      ...this.positions.values(),
    );
    for (const [stream, entries] of reply ?? []) {
      const eventType = eventTypeOf(stream.toString());
      await this.levels.take(eventType, entries);
      this.positions.set(eventType, entries.at(-1)![0].toString());
    }
  }
}

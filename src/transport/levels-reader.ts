import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { messageOf } from '../shared/errors.js';
import { Levels } from './levels.js';
import { RedisConnections, eventTypeOf, streamOf } from './redis.js';

/** The streams whose entries are prices: every replica reads them all, and only the newest of each symbol counts. */
const LEVEL_EVENTS = ['market.tick', 'market.klines', 'exchange.normalized', 'exchange.raw'] as const;

const BLOCK_MS = 1_000;
/** Entries a read: few enough for their parsing not to hold up a trade. */
const COUNT = 1_000;
/** How many entries are looked back through at start for the newest mark of each symbol. */
const LOOK_BACK = 5_000;
const BACK_OFF_MS = 500;

/** Reads prices from where they stand now on: a level needs no group, no acknowledgement and no database write. */
@Injectable()
export class LevelsReader {
  private readonly logger = new Logger('Levels');
  private readonly redis: Redis;
  private readonly positions = new Map<string, string>();
  private closed = false;
  private running: Promise<void> = Promise.resolve();

  constructor(
    connections: RedisConnections,
    private readonly levels: Levels,
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
    while (!this.closed) {
      try {
        if (this.positions.size === 0) await this.lookBack();
        await this.readOnce();
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

  /** The newest prices from before we listened, oldest first. */
  private async lookBack(): Promise<void> {
    for (const eventType of LEVEL_EVENTS) {
      const newestFirst = await this.redis.xrevrangeBuffer(streamOf(eventType), '+', '-', 'COUNT', LOOK_BACK);
      const entries = newestFirst.reverse();
      await this.levels.take(eventType, entries);
      this.positions.set(eventType, entries.at(-1)?.[0].toString() ?? '0-0');
    }
  }

  private async readOnce(): Promise<void> {
    const events = [...this.positions.keys()];
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

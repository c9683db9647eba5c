import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { isTransient, messageOf } from '../shared/errors.js';
import { DeadLetters } from './dead-letters.js';
import type { Delivery } from './intake.js';
import { Intake, decodeAll } from './intake.js';
import { RedisStreamsServer } from './redis-streams.server.js';

/** Events of one type that may wait: a flood of one type takes no other type's place. */
const MOST_OF_A_TYPE = 2_000;
const MOST_BYTES = 32 * 2 ** 20;
/** As much as one unit of work takes: whatever peers send, a batch of the streams waits for one of these and not for all. */
const BATCH = 100;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Events of peers on their way to the ledger. They come as fast as somebody likes and nobody sends them again, so they wait here, in bounded
 * number and size, and are taken in batches, one after the other, between those of the streams.
 */
@Injectable()
export class PeerEvents {
  private readonly logger = new Logger('Peers');
  private waiting: Delivery[] = [];
  private readonly counts = new Map<string, number>();
  private bytes = 0;
  private working: Promise<void> | null = null;
  private readonly closing = new AbortController();

  constructor(
    private readonly intake: Intake,
    private readonly streams: RedisStreamsServer,
    private readonly deadLetters: DeadLetters,
  ) {}

  /** Takes an event in. False = too much waits already, or the process ends: it is lost, here at least. */
  offer(delivery: Delivery): boolean {
    const count = this.counts.get(delivery.eventType) ?? 0;
    const isTooLarge = this.bytes > 0 && this.bytes + sizeOf(delivery) > MOST_BYTES;
    if (this.closing.signal.aborted || count >= MOST_OF_A_TYPE || isTooLarge) return false;
    this.count(delivery, 1);
    this.waiting.push(delivery);
    this.working ??= this.work().finally(() => (this.working = null));
    return true;
  }

  /** Takes no more, and finishes what waits unless the database keeps us from it. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.working;
  }

  private async work(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, BATCH);
      await this.takePatiently(batch);
      this.waiting = this.waiting.slice(batch.length);
      for (const delivery of batch) this.count(delivery, -1);
    }
  }

  /** What passes by itself is waited for: nobody sends it again. */
  private async takePatiently(batch: readonly Delivery[]): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.take(batch);
      } catch (error) {
        if (!isTransient(error) || this.closing.signal.aborted) {
          this.logger.error(`${batch.length} events of peers are lost: ${messageOf(error)}`);
          return;
        }
        if (attempt === 0) this.logger.warn(`events of peers wait: ${messageOf(error)}`);
        const ms = Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS);
        // Aborted by close: one more attempt, and that is the last.
        await pause(ms, undefined, { signal: this.closing.signal }).catch(() => undefined);
      }
    }
  }

  private async take(batch: readonly Delivery[]): Promise<void> {
    const outcomes = await this.intake.process(decodeAll(batch), (type, event) =>
      this.streams.dispatch(type, event),
    );
    await this.deadLetters.send(outcomes.filter(({ result }) => result === 'refused'));
  }

  private count(delivery: Delivery, sign: 1 | -1): void {
    this.bytes += sign * sizeOf(delivery);
    this.counts.set(delivery.eventType, (this.counts.get(delivery.eventType) ?? 0) + sign);
  }
}

function sizeOf({ raw }: Delivery): number {
  return raw.reduce((sum, part) => sum + part.length, 0);
}

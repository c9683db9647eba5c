import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { CustomTransportStrategy, MessageHandler } from '@nestjs/microservices';
import { Server } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import type { Inbound } from '../ledger/facts.js';
import type { Acceptance } from '../ledger/unit.js';
import { ServiceWarnings } from '../portfolio/warnings.js';
import { messageOf } from '../shared/errors.js';
import { DeadLetters } from './dead-letters.js';
import { GroupReader } from './group-reader.js';
import type { Decoded } from './intake.js';
import { Intake, decodeAll } from './intake.js';

/** The id of this transport in `@EventPattern(…, REDIS_STREAMS)`: without one a pattern binds to every transport. */
export const REDIS_STREAMS = Symbol('REDIS_STREAMS');

const LONGEST_BACK_OFF_MS = 5_000;

/**
 * Redis Streams as a Nest transport: reads facts with consumer groups in large batches, hands each to its `@EventPattern` method inside
 * one transaction a batch, and acknowledges after COMMIT only. What fails transiently stays pending and is read again.
 */
@Injectable()
export class RedisStreamsServer extends Server implements CustomTransportStrategy {
  override readonly transportId = REDIS_STREAMS;
  private readonly closing = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private readonly handlers = new Map<string, MessageHandler>();

  constructor(
    private readonly intake: Intake,
    private readonly reader: GroupReader,
    private readonly deadLetters: DeadLetters,
    private readonly warnings: ServiceWarnings,
  ) {
    super();
  }

  /** Starts reading; a Redis that is away is waited for, so that the service can already answer. */
  listen(callback: () => void): void {
    this.running = this.run();
    callback();
  }

  /** Finishes what was read, then stops. */
  async close(): Promise<void> {
    this.closing.abort();
    this.reader.wake();
    await this.running;
  }

  on(): void {
    throw new Error('the Redis Streams transport has no events of its own');
  }

  unwrap<T>(): T {
    throw new Error('the Redis Streams transport has no single driver to unwrap');
  }

  /** Calls the `@EventPattern` method of an event type and waits for what it returns. A price is one on whatever stream it comes. */
  async dispatch(eventType: string, event: Inbound): Promise<Acceptance | null> {
    const handler = this.handlerOf(event.kind === 'mark' ? 'market.tick' : eventType);
    const result = this.transformToObservable(await handler(event));
    return (await lastValueFrom(result, { defaultValue: null })) as Acceptance | null;
  }

  /** Remembered, because the base class takes a pattern apart and puts it together again at each look. */
  private handlerOf(pattern: string): MessageHandler {
    const known = this.handlers.get(pattern);
    if (known) return known;
    const found = this.getHandlerByPattern(pattern);
    if (!found) throw new Error(`no handler for ${pattern}`);
    this.handlers.set(pattern, found);
    return found;
  }

  private async run(): Promise<void> {
    let failures = 0;
    this.warnings.heard('facts');
    let batch: Decoded[] = [];
    while (!this.closing.signal.aborted) {
      try {
        if (batch.length === 0) batch = decodeAll(await this.reader.read());
        batch = await this.takeAndReadAhead(batch);
        failures = 0;
        this.warnings.heard('facts');
      } catch (error) {
        failures += 1;
        batch = [];
        if (this.closing.signal.aborted) break;
        if (failures === 1 || failures % 20 === 0) this.logger.warn(`facts wait: ${messageOf(error)}`);
        this.reader.startOver();
        await this.backOff(failures);
      }
    }
    await this.finish(batch);
  }

  /** What was read already is finished too: left pending, it would wait for the next start or for another replica to claim it. */
  private async finish(batch: readonly Decoded[]): Promise<void> {
    try {
      for (const rest of [batch, decodeAll(this.reader.held())]) if (rest.length > 0) await this.take(rest);
    } catch (error) {
      this.logger.warn(`what was read last stays pending: ${messageOf(error)}`);
    }
  }

  /** While the database works on one batch, the next is read and decoded. What was read ahead stays pending when the first one fails. */
  private async takeAndReadAhead(batch: readonly Decoded[]): Promise<Decoded[]> {
    if (batch.length === 0) return [];
    const [taken, ahead] = await Promise.allSettled([
      this.take(batch),
      this.closing.signal.aborted ? [] : this.reader.readAhead().then(decodeAll),
    ]);
    if (taken.status === 'rejected') throw taken.reason;
    if (ahead.status === 'rejected') throw ahead.reason;
    return ahead.value;
  }

  private async take(batch: readonly Decoded[]): Promise<void> {
    const outcomes = await this.intake.process(batch, (eventType, event) => this.dispatch(eventType, event));
    await this.deadLetters.send(outcomes.filter(({ result }) => result === 'refused'));
    await this.reader.acknowledge(batch.map(({ delivery }) => delivery));
  }

  private async backOff(failures: number): Promise<void> {
    const ms = Math.min(100 * 2 ** Math.min(failures, 6), LONGEST_BACK_OFF_MS);
    // Aborted by close: there is nothing left to wait for.
    await pause(ms, undefined, { signal: this.closing.signal }).catch(() => undefined);
  }
}

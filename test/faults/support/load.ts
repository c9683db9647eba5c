import type { Redis } from 'ioredis';
import { VARIANTS, entryOf, type Payload } from '../../support/envelope.js';
import { dayOf, type Message } from '../../support/generate.js';
import { Random } from '../../support/generate-random.js';
import { wireOf } from '../../support/generate-wire.js';
import type { LogicalFact } from '../../support/oracle-facts.js';
import { streamOf } from '../../support/streams.js';

const CHUNK = 200;

export interface LoadOptions {
  readonly seed: number;
  readonly trades: number;
}

/** A trading day of one account, and how much of it was put on the bus. Prices are the market's, not the account's. */
export class Load {
  readonly messages: readonly Message[];
  readonly random: Random;
  /** Messages that were sent at least once: what the account must show. */
  readonly told = new Set<Message>();
  /** Messages sent, every repeat counted. */
  sent = 0;
  /** Messages of the account that belong into quarantine; null = that depends on the moment at which they came. */
  aside: number | null = 0;
  /** Facts that were sent by hand. */
  readonly more: LogicalFact[] = [];
  private next = 0;

  constructor(
    readonly account: string,
    { seed, trades }: LoadOptions,
  ) {
    const day = dayOf({ seed, trades, end: Date.now() - 120_000, durationMs: 20 * 3_600_000 });
    this.messages = day.filter(({ fact }) => fact.kind !== 'mark');
    this.random = new Random(seed);
  }

  get left(): number {
    return this.messages.length - this.next;
  }

  /** What the account consists of as far as it was told. */
  facts(): LogicalFact[] {
    return [...[...this.told].map(({ fact }) => fact), ...this.more];
  }

  /** Sends the next `count` messages of the day, in its order. Returns them. */
  async send(redis: Redis, count = this.left): Promise<readonly Message[]> {
    const part = this.messages.slice(this.next, this.next + count);
    this.next += part.length;
    await this.put(redis, part);
    return part;
  }

  /** Sends these messages, once more where they were sent before, each in a form of its own. */
  async put(redis: Redis, messages: readonly Message[]): Promise<void> {
    for (let at = 0; at < messages.length; at += CHUNK) {
      const pipeline = redis.pipeline();
      for (const message of messages.slice(at, at + CHUNK)) {
        const { eventType, variant, payload } = wireOf(message, this.random, this.account);
        pipeline.xadd(
          streamOf(eventType),
          '*',
          ...Object.entries(entryOf(eventType, variant, payload)).flat(),
        );
        this.told.add(message);
        this.sent += 1;
      }
      for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
    }
  }

  /** Sends everything again that was sent so far, as producers do that were told of a gap. */
  sendAgain(redis: Redis): Promise<void> {
    return this.put(redis, [...this.told]);
  }

  /** Sends facts of one's own making, each as a message. */
  say(redis: Redis, ...facts: LogicalFact[]): Promise<void> {
    const about = { orderId: null, leverage: null, saysOrderSide: false };
    return this.put(
      redis,
      facts.map((fact, index) => ({ fact, id: `S-${this.account}-${this.sent + index}`, ...about })),
    );
  }

  /** Sends messages that contradict what was told under the same id: they belong into quarantine. */
  async lie(redis: Redis, messages: readonly Message[]): Promise<void> {
    const told = new Set(this.told);
    await this.put(redis, messages);
    for (const message of messages) if (!told.has(message)) this.told.delete(message);
    this.aside = (this.aside ?? 0) + messages.length;
  }

  /** Sends one message that the day does not hold, with the facts it makes. */
  async tell(redis: Redis, eventType: string, payload: Payload, ...facts: LogicalFact[]): Promise<void> {
    const entry = entryOf(eventType, this.random.pick(VARIANTS), { ...payload, account_id: this.account });
    await redis.xadd(streamOf(eventType), '*', ...Object.entries(entry).flat());
    this.sent += 1;
    this.more.push(...facts);
  }
}

import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import type { Config } from '../config.js';
import { CONFIG } from '../config.js';
import { PriceFlow } from '../flow/price-flow.js';
import type { MarkObserved, MarkSource } from '../ledger/facts.js';
import { Decimal } from '../shared/decimal.js';
import { messageOf } from '../shared/errors.js';
import { keepPulse } from './pulse.js';
import { RedisConnections } from './redis.js';

/** Ours alone: between replicas of one service. */
const CHANNEL = 'quantum:portfolio_intelligence:marks';

type Row = readonly [symbol: string, price: string, at: number, source: MarkSource];

interface Relayed {
  readonly replica: string;
  readonly marks: readonly Row[];
}

/**
 * Prices that only one replica sees, because only one talks to the exchange, on their way to the others. Pub/sub is enough: what is missed is
 * followed by the next a second later.
 */
@Injectable()
export class MarkRelay {
  private readonly logger = new Logger('MarkRelay');
  private subscriber: Redis | null = null;
  private failing = false;

  constructor(
    private readonly redis: RedisConnections,
    private readonly prices: PriceFlow,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    prices.onShared((marks) => void this.publish(marks));
  }

  /** Listens from now on; does nothing where no exchange is read. */
  start(): void {
    if (!this.config.BINANCE_API_KEY || this.subscriber) return;
    const subscriber = this.redis.connect('levels');
    this.subscriber = subscriber;
    subscriber.on('message', (_channel, text: string) => this.hear(text));
    // After a reconnect the library subscribes again by itself; this is for a Redis that is away now.
    subscriber.on('ready', () => {
      subscriber.subscribe(CHANNEL).catch((error: unknown) => this.warn(error));
    });
    subscriber.connect().catch((error: unknown) => this.warn(error));
    keepPulse(subscriber);
  }

  private async publish(marks: readonly MarkObserved[]): Promise<void> {
    const rows = marks.map(({ symbol, price, at, source }): Row => [symbol, price.toString(), at, source]);
    const relayed: Relayed = { replica: this.config.REPLICA, marks: rows };
    try {
      await this.redis.commands.publish(CHANNEL, JSON.stringify(relayed));
      this.failing = false;
    } catch (error) {
      this.warn(error);
    }
  }

  /** Anybody can publish on a channel of Redis: what is not ours is said and left, and never ends the process. */
  private hear(text: string): void {
    this.take(text).catch((error: unknown) => this.warn(error));
  }

  private async take(text: string): Promise<void> {
    const { replica, marks } = JSON.parse(text) as Relayed;
    if (replica === this.config.REPLICA) return;
    const observed = marks.map(([symbol, price, at, source]): MarkObserved => {
      return { kind: 'mark', symbol, price: Decimal.stored(price), at, source };
    });
    await this.prices.observe(observed);
  }

  /** Said once until it works again. */
  private warn(error: unknown): void {
    if (!this.failing)
      this.logger.warn(`prices of the exchange do not reach the other replicas: ${messageOf(error)}`);
    this.failing = true;
  }
}

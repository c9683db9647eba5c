import { Logger } from '@nestjs/common';
import type { MarkObserved, OrderExecuted } from '../../ledger/facts.js';
import { MICROS_PER_MS } from '../../shared/periods.js';
import { isTransient, messageOf } from '../../shared/errors.js';
import type { AccountSync } from './account-sync.js';
import type { AwaitedMoney } from './awaited-money.js';
import type { CatchUp } from './catch-up.js';
import type { ExchangeMetrics } from './exchange-metrics.js';
import type { ExchangeState } from './exchange-state.js';
import { MarkStream } from './mark-stream.js';
import type { Movements } from './movements.js';
import { BackOff, Pause } from './pause.js';
import type { BinanceRest } from './rest.js';
import type { BinanceSettings } from './settings.js';
import { troubleOf } from './trouble.js';
import { UserStream } from './user-stream.js';
import type { UserEvent } from './wire/user-event.js';

/** A key that was refused will be refused again until somebody changes it. */
const REFUSED_MS = 30_000;
/** History is asked this soon again for a payment that it does not show yet; more often would use up the weights. */
const AWAITING_MS = 5_000;

/** What a session works with. */
export interface SessionParts {
  readonly settings: BinanceSettings;
  readonly currency: string;
  readonly rest: BinanceRest;
  readonly sync: AccountSync;
  readonly catchUp: CatchUp;
  readonly awaited: AwaitedMoney;
  readonly movements: Movements;
  readonly state: ExchangeState;
  readonly metrics: ExchangeMetrics;
  readonly observe: (marks: readonly MarkObserved[]) => Promise<void>;
}

/** Talking to the exchange, from when this replica leads until it does not: two streams, and the account read whole again and again. */
export class ExchangeSession {
  private readonly logger = new Logger('Exchange');
  private readonly user: UserStream;
  private readonly marks: MarkStream;
  private readonly pause = new Pause();
  private readonly gap = new Pause();
  private running: Promise<void> = Promise.resolve();
  private waiting: OrderExecuted[] = [];
  private taking: Promise<void> | null = null;
  private stopping = false;
  private saidToWait = false;

  constructor(
    private readonly parts: SessionParts,
    private readonly abort: AbortController,
  ) {
    const { rest, settings, currency, metrics, state } = parts;
    this.user = new UserStream(rest, settings, currency, {
      opened: () => this.connected(),
      lost: (reason) => {
        metrics.reconnects.inc({ stream: 'user' });
        state.streaming(false);
        this.logger.warn(`the user stream is lost (${reason}) and will be connected again`);
      },
      told: (event) => this.told(event),
      unreadable: (reason) => {
        this.unreadable('user', 'is asked for', reason);
        this.pause.ring();
      },
    });
    this.marks = new MarkStream(settings, rest.clock, (marks) => this.observe(marks), {
      lost: (reason) => {
        metrics.reconnects.inc({ stream: 'marks' });
        this.logger.warn(`the stream of mark prices is lost (${reason}) and will be connected again`);
      },
      // The next message brings all prices again: reading the whole account for it once a second would use up the weights.
      unreadable: (error) => this.unreadable('marks', 'is left to the next', messageOf(error)),
    });
  }

  start(): void {
    this.user.start();
    this.marks.start();
    this.running = this.keepInSync();
  }

  /** Finishes what is being committed; requests under way are cut. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.pause.end();
    this.gap.end();
    this.abort.abort();
    await Promise.all([this.user.stop(), this.marks.stop(), this.running]);
    await this.taking;
  }

  private async keepInSync(): Promise<void> {
    const { settings, state, sync, rest, metrics } = this.parts;
    const backOff = new BackOff(settings.retryMs);
    while (!this.stopping) {
      try {
        const settled = await sync.run();
        metrics.clockAhead.set(rest.clock.aheadMs / 1000);
        state.synced(settled === 'moving');
        backOff.reset();
        this.saidToWait = false;
        await this.pause.rest(
          settled === 'awaiting' ? Math.min(settings.syncMs, AWAITING_MS) : settings.syncMs,
        );
      } catch (error) {
        if (this.stopping) return;
        await this.pause.rest(Math.max(backOff.next(), this.failed(error)));
      }
      // However often it is rung, the exchange is not asked without a pause.
      await this.gap.rest(settings.retryMs);
    }
  }

  /** Returns for how long to leave the exchange alone at least, ms. */
  private failed(error: unknown): number {
    const trouble = troubleOf(error);
    if (!trouble) {
      const stack = !isTransient(error) && error instanceof Error ? error.stack : undefined;
      if (!this.saidToWait) this.logger.error(`what the exchange told waits: ${messageOf(error)}`, stack);
      this.saidToWait = true;
      return 0;
    }
    this.parts.state.failed(trouble);
    if (trouble.kind === 'key_refused') return REFUSED_MS;
    return trouble.retryAfterMs ?? 0;
  }

  /** What happened while it was not connected is asked for at once. */
  private connected(): void {
    this.parts.state.streaming(true);
    this.pause.ring();
  }

  private told(event: UserEvent): void {
    if (event.kind === 'fill') {
      this.parts.movements.filled(event.fill.symbol, event.fill.occurredAt / MICROS_PER_MS);
      this.waiting.push(event.fill);
      this.taking ??= this.takeWaiting().finally(() => (this.taking = null));
    } else if (event.kind === 'money') {
      this.parts.movements.paid(event.atMs);
      this.parts.awaited.add(event.atMs, event.amount);
      this.pause.ring();
    }
  }

  /** Fills that come while others are being committed go together. What cannot be committed is asked for again. */
  private async takeWaiting(): Promise<void> {
    while (this.waiting.length > 0) {
      const fills = this.waiting;
      this.waiting = [];
      try {
        const ours = fills.filter((fill) => this.parts.sync.isOurs(fill.occurredAt / MICROS_PER_MS));
        await this.parts.catchUp.take(ours);
      } catch (error) {
        this.logger.warn(`${fills.length} fills wait and will be asked for: ${messageOf(error)}`);
        this.pause.ring();
      }
    }
  }

  private unreadable(stream: string, what: string, reason: string): void {
    this.parts.metrics.errors.inc({ kind: 'bad_answer' });
    this.logger.warn(`a message of the stream ${stream} cannot be read and ${what}: ${reason}`);
  }

  private observe(marks: readonly MarkObserved[]): void {
    this.parts.observe(marks).catch((error: unknown) => {
      this.logger.warn(`mark prices of the exchange are lost: ${messageOf(error)}`);
    });
  }
}

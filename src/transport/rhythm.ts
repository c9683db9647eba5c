import { Inject, Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Config } from '../config.js';
import { CONFIG } from '../config.js';
import { RecordCurves } from '../drawdown/commands/record-curves.js';
import { IntegrityBoard } from '../integrity/integrity-board.js';
import { Book } from '../ledger/book.js';
import { Leadership } from '../ledger/leadership.js';
import { WatchLimits } from '../limits/commands/watch-limits.js';
import { FollowClassification } from '../positions/commands/follow-classification.js';
import { RecordExcursions } from '../positions/commands/record-excursions.js';
import { RecordMarks } from '../positions/commands/record-marks.js';
import { messageOf } from '../shared/errors.js';
import { BookFollower } from './book-follower.js';
import { Broadcaster } from './broadcaster.js';
import { OutboxRelay } from './outbox-relay.js';

const RECORD_MS = 1_000;
const RELAY_MS = 250;
const FORGET_MS = 600_000;
const FOLLOW_MS = 500;
const CLASSIFY_MS = 1_000;
const INTEGRITY_MS = 1_000;
/** Commits come a hundred times a second; so long at least is between two looks at limits, and the last state is always looked at. */
const LIMITS_LEAST_MS = 150;

interface Beat {
  readonly everyMs: number;
  /** No ring shortens a pause below this. */
  readonly leastMs: number;
  readonly work: () => Promise<void>;
  readonly leaderOnly: boolean;
}

/** Everything that happens by the clock and not by a message. What must happen once is done by the replica that leads. */
@Injectable()
export class Rhythm {
  private readonly logger = new Logger('Rhythm');
  private stopping = false;
  private readonly beats: Promise<void>[] = [];
  private readonly resting = new Map<string, () => void>();
  private readonly rung = new Set<string>();

  constructor(
    private readonly commands: CommandBus,
    private readonly leadership: Leadership,
    private readonly relay: OutboxRelay,
    private readonly broadcaster: Broadcaster,
    private readonly follower: BookFollower,
    private readonly integrity: IntegrityBoard,
    book: Book,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    // What was just committed leaves at once and does not wait for the next beat.
    book.onChange(() => {
      this.ring('relay');
      this.ring('publish');
      this.ring('limits');
    });
  }

  start(): void {
    this.beat('relay', RELAY_MS, () => this.relay.drain());
    this.beat('publish', this.config.PUBLISH_INTERVAL_MS, () => this.broadcaster.publish());
    this.beat('record', RECORD_MS, () => this.record());
    const leastMs = Math.min(LIMITS_LEAST_MS, this.config.PUBLISH_INTERVAL_MS);
    // Every replica follows what is told of limits; only the one that leads tells of crossings.
    this.beat('limits', this.config.PUBLISH_INTERVAL_MS, () => this.watchLimits(), false, leastMs);
    // Every replica sees every price, and what they write joins: none has to keep for ever what it saw.
    this.beat('excursions', RECORD_MS, () => this.recordExcursions(), false);
    this.beat('forget', FORGET_MS, () => this.relay.forget());
    this.beat('follow', FOLLOW_MS, () => this.follower.follow(), false);
    this.beat('integrity', INTEGRITY_MS, () => this.integrity.follow(), false);
    this.beat('classification', CLASSIFY_MS, () => this.commands.execute(new FollowClassification()), false);
  }

  /** Stops the beats, then writes down and sends what is left, so that SIGTERM loses nothing. */
  async stop(): Promise<void> {
    this.stopping = true;
    // What never began left nothing, maybe not even tables.
    if (this.beats.length === 0) return;
    for (const wake of [...this.resting.values()]) wake();
    await Promise.all(this.beats);
    await this.once('record', true, () => this.record());
    await this.once('excursions', false, () => this.recordExcursions());
    await this.once('relay', true, () => this.relay.finish());
  }

  private beat(
    name: string,
    everyMs: number,
    work: () => Promise<void>,
    leaderOnly = true,
    leastMs = 0,
  ): void {
    this.beats.push(this.keepTime(name, { everyMs, leastMs, work, leaderOnly }));
  }

  private async keepTime(name: string, { everyMs, leastMs, work, leaderOnly }: Beat): Promise<void> {
    let failing = false;
    while (!this.stopping) {
      this.rung.delete(name);
      failing = await this.once(name, leaderOnly, work, failing);
      if (leastMs > 0) await this.rest(`${name}, undisturbed`, leastMs);
      // What rang while the beat was at work has its turn at once, unless that would only fail again.
      if (failing || !this.rung.has(name)) await this.rest(name, everyMs - leastMs);
    }
  }

  /** Runs one beat. Failures are said once and tried again at the next beat. Returns whether it failed. */
  private async once(
    name: string,
    leaderOnly: boolean,
    work: () => Promise<void>,
    said = false,
  ): Promise<boolean> {
    try {
      if (!leaderOnly || (await this.leadership.isMine())) await work();
      return false;
    } catch (error) {
      if (!said) this.logger.warn(`${name} waits: ${messageOf(error)}`);
      return true;
    }
  }

  private ring(name: string): void {
    this.rung.add(name);
    this.resting.get(name)?.();
  }

  private rest(name: string, everyMs: number): Promise<void> {
    if (this.stopping) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.resting.delete(name);
        resolve();
      };
      const timer = setTimeout(wake, everyMs);
      this.resting.set(name, wake);
    });
  }

  private async record(): Promise<void> {
    await this.commands.execute(new RecordMarks());
    await this.commands.execute(new RecordCurves());
  }

  private async watchLimits(): Promise<void> {
    if ((await this.commands.execute(new WatchLimits())) > 0) this.ring('relay');
  }

  private recordExcursions(): Promise<void> {
    return this.commands.execute(new RecordExcursions());
  }
}

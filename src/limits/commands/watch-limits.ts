import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import type { Transaction } from '../../database/database.js';
import { Database } from '../../database/database.js';
import type { Account } from '../../ledger/account.js';
import { Book } from '../../ledger/book.js';
import { Leadership } from '../../ledger/leadership.js';
import { Metrics } from '../../ledger/metrics.js';
import type { OutboxEvent } from '../../ledger/outbox.js';
import { addToOutbox } from '../../ledger/outbox.js';
import { OutboxHandover } from '../../ledger/outbox-handover.js';
import { sealEvent } from '../../portfolio/outbox-composer.js';
import { PositionsProjection } from '../../positions/positions-projection.js';
import { Clock } from '../../shared/clock.js';
import { MICROS_PER_MS, MICROS_PER_SECOND } from '../../shared/periods.js';
import { AccountLimits } from '../account-limits.js';
import { crossingEvent } from '../crossing-event.js';
import type { Assessment, Judgement } from '../domain/assessment.js';
import { crossingOf } from '../domain/crossing.js';
import type { AnnouncedLimits } from '../limit-states.js';
import { LimitStates, limitKey } from '../limit-states.js';
import { PolicyBoard } from '../policy-board.js';

/**
 * Takes over what was told of limits and, where this replica leads, holds every account that changed against them. Returns how many
 * crossings were put into the outbox.
 */
export class WatchLimits extends Command<number> {}

interface Watched {
  readonly version: number;
  /** The sums as they were: a new object means that a tick moved them. */
  readonly totals: object;
  readonly policy: object;
  readonly at: number;
}

@CommandHandler(WatchLimits)
export class WatchLimitsHandler implements ICommandHandler<WatchLimits> {
  private readonly watched = new Map<string, Watched>();
  private followedAt = 0;

  constructor(
    private readonly database: Database,
    private readonly handover: OutboxHandover,
    private readonly book: Book,
    private readonly positions: PositionsProjection,
    private readonly board: PolicyBoard,
    private readonly states: LimitStates,
    private readonly limits: AccountLimits,
    private readonly leadership: Leadership,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute(): Promise<number> {
    const now = this.clock.now();
    await this.follow(now);
    if (!(await this.leadership.isMine())) return 0;
    if (this.board.limitsAt(now).told.isEmpty && this.states.isEmpty) return 0;
    let crossings = 0;
    for (const account of this.book.all()) {
      if (account.version === 0 || !this.isDue(account, now)) continue;
      const watched = this.watchedNow(account, now);
      const told = await this.watch(account, now);
      // An account that is being committed right now has its turn at the next beat.
      if (told === null) continue;
      this.watched.set(account.accountId, watched);
      crossings += told;
    }
    return crossings;
  }

  /** Commits may come a hundred times a second; what others told of limits and announced need not be looked at as often. */
  private async follow(now: number): Promise<void> {
    if (now - this.followedAt < (this.config.PUBLISH_INTERVAL_MS * MICROS_PER_MS) / 2) return;
    await this.board.follow();
    await this.states.follow();
    this.followedAt = now;
  }

  /** Days roll over and policy grows old without any event, hence the last rule. */
  private isDue(account: Account, now: number): boolean {
    const last = this.watched.get(account.accountId);
    const is = this.watchedNow(account, now);
    if (!last || last.version !== is.version || last.policy !== is.policy) return true;
    const ticked = last.totals !== is.totals;
    if (ticked && now - last.at >= this.config.PUBLISH_INTERVAL_MS * MICROS_PER_MS) return true;
    return now - last.at >= this.config.HEARTBEAT_SEC * MICROS_PER_SECOND;
  }

  private watchedNow(account: Account, now: number): Watched {
    const { totals } = account.of(this.positions);
    return { version: account.version, totals, policy: this.board.revision, at: now };
  }

  /** How many crossings were told; null = the account could not be held still. Most often nothing crossed, and nothing is written. */
  private async watch(account: Account, now: number): Promise<number | null> {
    const stop = this.metrics.limitSeconds.startTimer();
    const judgements = this.limits.judgementsOf(account, now);
    const isSame = changesOf(judgements, this.states.of(account.accountId)).length === 0;
    const assessments = isSame ? [] : this.limits.assessmentsOf(account, now);
    stop();
    if (isSame) return 0;
    const told = await this.database.transaction((tx) => this.tell(tx, { account, assessments, now }));
    if (told !== null && told > 0) this.handover.committedMore();
    await this.states.follow();
    return told;
  }

  /**
   * What was announced is read again under the account's lock: of two replicas that both believe to lead the second finds everything told.
   * An account that moved on meanwhile is not judged by its past.
   */
  private async tell(
    tx: Transaction,
    { account, assessments, now }: { account: Account; assessments: readonly Assessment[]; now: number },
  ): Promise<number | null> {
    const { accountId, version, repairs } = account;
    const held = await tx.query(
      'SELECT 1 FROM accounts WHERE account_id = $1 AND version = $2 AND repairs = $3 FOR UPDATE SKIP LOCKED',
      [accountId, version, repairs],
    );
    if (held.length === 0) return null;
    const events: OutboxEvent[] = [];
    for (const { assessment, crossing } of changesOf(assessments, await this.states.read(tx, accountId))) {
      const { limit, symbol } = assessment;
      await this.states.write(tx, accountId, { limit, symbol, state: crossing.after, since: now });
      if (crossing.event === null) continue;
      const event = crossingEvent(accountId, assessment, { ...crossing, now });
      events.push(sealEvent(accountId, event, { version, previousVersion: version }));
    }
    await addToOutbox(tx, events);
    return events.length;
  }
}

function changesOf<J extends Judgement>(assessments: readonly J[], announced: AnnouncedLimits) {
  return assessments.flatMap((assessment) => {
    const before = announced.get(limitKey(assessment))?.state ?? null;
    const crossing = crossingOf(before, assessment);
    return crossing.after === before && crossing.event === null ? [] : [{ assessment, crossing }];
  });
}

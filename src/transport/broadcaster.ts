import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../config.js';
import { CONFIG } from '../config.js';
import type { Account } from '../ledger/account.js';
import { Book } from '../ledger/book.js';
import type { OutboxEvent } from '../ledger/outbox.js';
import type { PortfolioEvent } from '../portfolio/outbound-events.js';
import { compatEvents, portfolioEvents } from '../portfolio/outbound-events.js';
import { OutboxComposer, sealEvent } from '../portfolio/outbox-composer.js';
import { PublicationRecord } from '../portfolio/publication-record.js';
import type { PortfolioState } from '../portfolio/portfolio-state.js';
import { PortfolioStates } from '../portfolio/portfolio-state.js';
import { PositionsProjection } from '../positions/positions-projection.js';
import { Clock } from '../shared/clock.js';
import { OutboxRelay } from './outbox-relay.js';
import { Publisher } from './publisher.js';
import { writeStateHashes } from './state-hashes.js';

/** Neighbours poll the hashes: once a second is as often as they are promised. */
const HASH_MS = 1_000;
/** Accounts that are published in one round trip: with thousands of heartbeats the trips cost as much as what they carry. */
const AT_ONCE = 20;
/** Fewer when they hold more: prices and trades wait while their events are made. */
const POSITIONS_AT_ONCE = 100;
/** After so many positions whatever waited has this long for itself: one large account right behind the other would be one long wait. */
const REST_MS = 5;

interface Published {
  readonly version: number;
  /** The sums as they were: a new object means that a tick moved them. */
  readonly totals: object;
  /** By the process' own clock: the machine's may jump, and a heartbeat must not wait for it. */
  readonly at: number;
}

/** What leaves for one account. */
interface Publication {
  readonly state: PortfolioState;
  readonly totals: object;
  readonly events: readonly OutboxEvent[];
}

/**
 * What is published on a clock: what ticks changed, at most once an interval, and a heartbeat when nothing did. Durable changes leave
 * through the outbox; this never runs ahead of it, so that a consumer sees versions in order.
 */
@Injectable()
export class Broadcaster {
  private readonly published = new Map<string, Published>();
  private hashedAt = -Infinity;

  constructor(
    private readonly book: Book,
    private readonly states: PortfolioStates,
    private readonly positions: PositionsProjection,
    private readonly publisher: Publisher,
    private readonly relay: OutboxRelay,
    private readonly composer: OutboxComposer,
    private readonly record: PublicationRecord,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Publishes what changed since the last time. Throws when Redis is away. */
  async publish(): Promise<void> {
    const now = this.clock.now();
    const due = [...this.book.all()].filter((account) => account.version > 0 && this.isDue(account));
    if (due.length === 0) return;
    // Never ahead of a version's durable events; mostly they have left already.
    await this.relay.drainUpTo(due);
    let told = 0;
    for (const { accounts: together, positions } of this.groupsOf(due)) {
      // A version that came meanwhile may not have left yet, or left before our book had it: it has its own turn.
      const current = together.filter(
        (account) => this.book.find(account.accountId) === account && !this.relay.isAheadOf(account),
      );
      if (current.length === 0) continue;
      await this.publishTogether(current, now);
      told += positions;
      if (told < POSITIONS_AT_ONCE) continue;
      await pause(REST_MS);
      told = 0;
    }
  }

  /** Accounts in groups of which each is one round trip and one piece of work, and how many positions they hold. */
  private *groupsOf(
    accounts: readonly Account[],
  ): IterableIterator<{ accounts: Account[]; positions: number }> {
    let group: { accounts: Account[]; positions: number } = { accounts: [], positions: 0 };
    for (const account of accounts) {
      const held = account.of(this.positions).heldBySymbol().length;
      const { length } = group.accounts;
      if (length === AT_ONCE || (length > 0 && group.positions + held > POSITIONS_AT_ONCE)) {
        yield group;
        group = { accounts: [], positions: 0 };
      }
      group.accounts.push(account);
      group.positions += held;
    }
    if (group.accounts.length > 0) yield group;
  }

  private isDue(account: Account): boolean {
    const last = this.published.get(account.accountId);
    if (!last) return true;
    const agoMs = performance.now() - last.at;
    if (last.version !== account.version) return true;
    const ticked = last.totals !== account.of(this.positions).totals;
    if (ticked && agoMs >= this.config.PUBLISH_INTERVAL_MS) return true;
    return agoMs >= this.config.HEARTBEAT_SEC * 1_000;
  }

  /** Accounts of which nothing else was committed, in one round trip. */
  private async publishTogether(accounts: readonly Account[], now: number): Promise<void> {
    const due = accounts.map((account) => this.publicationOf(account, now));
    const main = due.find(({ state }) => state.accountId === 'main')?.state;
    // What one stream does not take is published anew with the next beat; the others have theirs.
    await this.publisher.send(
      due.flatMap(({ events }) => events),
      (multi) => {
        if (!main || performance.now() - this.hashedAt < HASH_MS) return;
        writeStateHashes(multi, main);
        this.hashedAt = performance.now();
      },
    );
    for (const { state, totals } of due) {
      const { accountId, version } = state;
      this.published.set(accountId, { version, totals, at: performance.now() });
      this.record.published(now);
    }
  }

  private publicationOf(account: Account, now: number): Publication {
    const { accountId, version } = account;
    const state = this.states.of(account, now);
    // The events of a new version have left through the outbox, with the marks of their commit: what ticked since has its own turn.
    const told =
      this.published.get(accountId)?.version === version ? undefined : this.composer.totalsTold(account);
    const { totals } = account.of(this.positions);
    return { state, totals: told ?? totals, events: this.eventsOf(state, told !== undefined) };
  }

  private eventsOf(state: PortfolioState, told: boolean): OutboxEvent[] {
    const { accountId, version } = state;
    const seal = (previousVersion: number) => (event: PortfolioEvent) =>
      sealEvent(accountId, event, { version, previousVersion });
    // Those of the house leave through the outbox at each version; the others only here, and follow their own last one.
    const before = this.published.get(accountId)?.version ?? version;
    return [
      ...(told ? [] : portfolioEvents(state)).map(seal(version)),
      ...(this.config.COMPAT_EVENTS ? compatEvents(state) : []).map(seal(before)),
    ];
  }
}

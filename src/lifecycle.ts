import { setTimeout as pause } from 'node:timers/promises';
import type { INestApplication } from '@nestjs/common';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { Access } from './access/access.js';
import type { Config } from './config.js';
import { CONFIG } from './config.js';
import { ConnectionWatch } from './database/connection-watch.js';
import { migrate } from './database/migrations.js';
import { ServiceState } from './health/service-state.js';
import type { CashFlow } from './ledger/facts.js';
import { UnitOfWork } from './ledger/unit-of-work.js';
import { INITIAL_CASH_EVENT } from './pnl/domain/cash-flow.js';
import { PnlProjection } from './pnl/pnl-projection.js';
import { Classification } from './positions/classification.js';
import { RecordMarksHandler } from './positions/commands/record-marks.js';
import { Clock } from './shared/clock.js';
import { Decimal } from './shared/decimal.js';
import { isTransient, messageOf } from './shared/errors.js';
import { TradeStoreSync } from './sources/trade-store/trade-store-sync.js';
import { Exchange } from './sources/binance/exchange.js';
import { BookFollower } from './transport/book-follower.js';
import { FactFlow } from './flow/fact-flow.js';
import { MarkRelay } from './transport/mark-relay.js';
import { LevelsReader } from './transport/levels-reader.js';
import { PeerEvents } from './transport/peer-events.js';
import { SILENCE_LIMIT_MS, keepPulse } from './transport/pulse.js';
import { Rebuild } from './transport/rebuild.js';
import { redisOptions } from './transport/redis-options.js';
import { PeersServer } from './transport/peers.server.js';
import { RedisStreamsServer } from './transport/redis-streams.server.js';
import { Rhythm } from './transport/rhythm.js';
import { BookCheck } from './integrity/book-check.js';
import { IntegrityWatch } from './integrity/integrity-watch.js';
import { PolicyWatch } from './sources/policy/policy-watch.js';

const RETRY_MS = 1_000;

/** Orchestrators give 30 s and more; closing what is open needs some of them. */
const DRAIN_LIMIT_MS = 15_000;

/**
 * The order in which the service comes up and goes down. Up: database, schema, what was last seen, the book, and only then messages. Down:
 * no more messages, then what is left is written and sent. HTTP answers all the while.
 */
@Injectable()
export class Lifecycle {
  private readonly logger = new Logger('Lifecycle');
  private stopping = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly dataSource: DataSource,
    private readonly databaseConnections: ConnectionWatch,
    private readonly classification: Classification,
    private readonly marks: RecordMarksHandler,
    private readonly levels: LevelsReader,
    private readonly books: BookFollower,
    private readonly streams: RedisStreamsServer,
    private readonly peerEvents: PeerEvents,
    private readonly rhythm: Rhythm,
    private readonly flow: FactFlow,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly state: ServiceState,
    private readonly rebuilds: Rebuild,
    private readonly pnl: PnlProjection,
    private readonly access: Access,
    private readonly tradeStore: TradeStoreSync,
    private readonly exchange: Exchange,
    private readonly markRelay: MarkRelay,
    private readonly policy: PolicyWatch,
    private readonly integrity: IntegrityWatch,
    private readonly bookCheck: BookCheck,
  ) {}

  /** Waits for what is away; throws what will not pass by itself. */
  async start(app: INestApplication): Promise<void> {
    await this.patiently('the database', () => this.openDatabase());
    await this.patiently('the keys', () => this.access.start());
    await this.patiently('the classification', () => this.classification.load());
    await this.patiently('the last marks', () => this.marks.recall());
    if (this.stopping) return;
    await this.levels.start();
    await this.patiently('the projections', () => this.rebuildWhenRulesChanged());
    await this.patiently('the book', () => this.books.loadAll());
    await this.patiently('the opening deposit', () => this.depositInitialCash());
    if (this.stopping) return;
    this.rhythm.start();
    this.policy.start();
    this.integrity.start();
    this.bookCheck.start();
    const streams = app.connectMicroservice({ strategy: this.streams });
    await streams.listen();
    this.markRelay.start();
    this.exchange.start();
    this.state.running();
    this.logger.log(`ready: facts and prices are being read as replica ${this.config.REPLICA}`);
    this.tradeStore.start();
    await this.patiently('the peers’ door', () => this.openPeersDoor(app));
  }

  /**
   * Finishes what is in hand, then writes and sends what is left. What a database that does not answer keeps us from stays where it is: nothing
   * of it was acknowledged, and whoever starts next takes it up.
   */
  async stop(): Promise<void> {
    this.stopping = true;
    this.state.draining();
    const end = await Promise.race([this.drain(), pause(DRAIN_LIMIT_MS, 'late' as const, { ref: false })]);
    if (end !== 'late') return;
    this.logger.warn('not everything could be finished in time: what was not committed is redelivered');
    this.databaseConnections.cutAll();
  }

  private async drain(): Promise<void> {
    await this.exchange.stop();
    await this.streams.close();
    await this.peerEvents.close();
    await this.tradeStore.stop();
    await this.levels.stop();
    await this.policy.stop();
    await this.integrity.stop();
    await this.bookCheck.stop();
    await this.rhythm.stop();
  }

  private async openDatabase(): Promise<void> {
    if (!this.dataSource.isInitialized) await this.dataSource.initialize();
    this.databaseConnections.start();
    if (!this.config.MIGRATE) return;
    const applied = await migrate(this.dataSource);
    if (applied.length > 0) this.logger.log(`schema migrated: ${applied.join(', ')}`);
  }

  /** Days belong to a time zone and positions to a source: when those settings change, the ledger is replayed by the new ones. */
  private async rebuildWhenRulesChanged(): Promise<void> {
    const changed = await this.rebuilds.afterChangedSettings();
    if (changed.length > 0)
      this.logger.log(`projections rebuilt, because of other settings: ${changed.join(', ')}`);
  }

  /** The stock transport gives up when Redis is away at start and, unless told so, never comes back from a Redis restart. */
  private async openPeersDoor(app: INestApplication): Promise<void> {
    const peers = app.connectMicroservice({
      strategy: new PeersServer({
        ...redisOptions(this.config),
        retryAttempts: Infinity,
        retryDelay: RETRY_MS,
        // The client library's own, which Nest's type does not know and passes on.
        ...{ socketTimeout: SILENCE_LIMIT_MS },
      }),
    });
    await peers.listen();
    for (const connection of peers.unwrap<Redis[]>()) keepPulse(connection);
  }

  /** Money the settings say the account starts with is a deposit like any other: its event id makes it happen once. */
  private async depositInitialCash(): Promise<void> {
    if (!this.config.INITIAL_CASH) return;
    const deposit: CashFlow = {
      kind: 'account.cash_flow',
      accountId: 'main',
      occurredAt: this.clock.now(),
      timeFrom: 'arrival',
      eventId: INITIAL_CASH_EVENT,
      source: 'configuration',
      type: 'DEPOSIT',
      amount: Decimal.parse(this.config.INITIAL_CASH),
      currency: null,
      symbol: null,
    };
    const { outcome } = await this.unitOfWork.run({ facts: [deposit] }, async (unit) => {
      // The exchange's own wallet is known already: it is what the account started with.
      const adopted = unit.account('main').of(this.pnl).reconciledAt !== null;
      return adopted ? { outcome: 'duplicate' as const } : this.flow.apply(deposit);
    });
    if (outcome === 'conflict')
      this.logger.warn(
        'PORTFOLIO_INITIAL_CASH: differs from the deposit booked at the first start, which stays',
      );
  }

  private async patiently(what: string, work: () => Promise<void>): Promise<void> {
    for (let attempt = 1; !this.stopping; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        // What an end takes away from a start that is under way is no failure of it.
        if (this.stopping) return this.logger.log(`${what} given up for the end: ${messageOf(error)}`);
        if (!isTransient(error)) throw error;
        if (attempt % 15 === 1) this.logger.warn(`waiting for ${what}: ${messageOf(error)}`);
        await pause(RETRY_MS);
      }
    }
  }
}

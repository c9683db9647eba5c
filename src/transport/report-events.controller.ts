import { Controller, Inject, Logger, UseFilters } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { Config } from '../config.js';
import { CONFIG } from '../config.js';
import type { BalanceReport, MarkObserved, PolicyUpdated, PositionReport } from '../ledger/facts.js';
import type { Acceptance } from '../ledger/unit.js';
import { FactFlow } from '../flow/fact-flow.js';
import { AskForPolicy } from '../limits/commands/ask-for-policy.js';
import { Levels } from './levels.js';
import { PassThroughFilter } from './pass-through.filter.js';
import { REDIS_STREAMS } from './redis-streams.server.js';

/** What others report of the state of things: levels, of which only a difference is a fact. */
@Controller()
@UseFilters(PassThroughFilter)
export class ReportEventsController {
  private readonly logger = new Logger('Policy');

  constructor(
    private readonly flow: FactFlow,
    private readonly levels: Levels,
    private readonly commands: CommandBus,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @EventPattern('account.balance', REDIS_STREAMS)
  async balance(@Payload() report: BalanceReport): Promise<Acceptance | null> {
    return this.isReadDirectly(report.accountId) ? null : this.flow.reconcile(report);
  }

  @EventPattern('position.snapshot', REDIS_STREAMS)
  async position(@Payload() report: PositionReport): Promise<null> {
    const { symbol, markPrice, occurredAt } = report;
    if (markPrice)
      await this.levels.observe([
        { kind: 'mark', symbol, price: markPrice, at: occurredAt, source: 'position.snapshot' },
      ]);
    if (!this.isReadDirectly(report.accountId)) await this.flow.reconcileCollected(report);
    return null;
  }

  @EventPattern(['policy.update', 'policy.updated'], REDIS_STREAMS)
  async policy(@Payload() { key, version }: PolicyUpdated): Promise<null> {
    this.logger.log(`policy changed: ${key ?? 'all'}${version ? ` (version ${version})` : ''}`);
    await this.commands.execute(new AskForPolicy());
    return null;
  }

  /** A single price: from a peer, or on a stream of facts. The price streams themselves are read as levels. */
  @EventPattern('market.tick', REDIS_STREAMS)
  async price(@Payload() mark: MarkObserved): Promise<null> {
    await this.levels.observe([mark]);
    return null;
  }

  /** What others tell of an account that we read at the exchange ourselves is older than what we know, and rounded: only its prices count. */
  private isReadDirectly(accountId: string): boolean {
    const { BINANCE_API_KEY, BINANCE_ACCOUNT } = this.config;
    return BINANCE_API_KEY !== undefined && accountId === BINANCE_ACCOUNT;
  }
}

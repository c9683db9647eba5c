import { createHash } from 'node:crypto';
import { Controller, Logger, UseFilters, UseGuards } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import {
  Ctx,
  EventPattern,
  MessagePattern,
  Payload,
  RedisContext,
  RpcException,
  Transport,
} from '@nestjs/microservices';
import { limitsBody } from '../limits/queries/limits-answer.js';
import { GetLimits } from '../limits/queries/get-limits.js';
import { UnknownAccountError } from '../ledger/account-reader.js';
import { Metrics } from '../ledger/metrics.js';
import { drawdownBody } from '../portfolio/bodies/drawdown.body.js';
import { exposureBody } from '../portfolio/bodies/exposure.body.js';
import { pnlBody } from '../portfolio/bodies/pnl.body.js';
import { positionsBody } from '../portfolio/bodies/positions.body.js';
import { GetPortfolio } from '../portfolio/queries/get-portfolio.js';
import { snapshotBody } from '../portfolio/queries/get-snapshot.js';
import type { PortfolioState } from '../portfolio/portfolio-state.js';
import { messageOf } from '../shared/errors.js';
import type { Json } from '../shared/json-text.js';
import { FACT_EVENTS } from './group-reader.js';
import { Levels } from './levels.js';
import { PeerEvents } from './peer-events.js';
import { PeerRates } from './peer-rates.js';
import { PeerGuard, PeerRefusalFilter } from './peer.guard.js';
import { EntryBytes } from './wire/entry-bytes.js';

/** What a peer may ask with: nothing, or the account it means. */
interface PeerQuestion {
  readonly account_id?: unknown;
}

/**
 * The door for Nest peers (stock Redis transport, pub/sub): their events go the same idempotent way as the streams', their questions are
 * answered from the book. Pub/sub is at most once: what is lost on the way here was never ours.
 */
@Controller()
@UseGuards(PeerGuard)
@UseFilters(PeerRefusalFilter)
export class PeersController {
  private readonly logger = new Logger('Peers');
  private readonly said = new PeerRates(1);

  constructor(
    private readonly events: PeerEvents,
    private readonly queries: QueryBus,
    private readonly levels: Levels,
    private readonly metrics: Metrics,
  ) {}

  @EventPattern([...FACT_EVENTS, 'market.tick'], Transport.REDIS)
  async received(@Payload() payload: unknown, @Ctx() context: RedisContext): Promise<void> {
    const eventType = context.getChannel();
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload ?? null);
    const fields = ['payload', text];
    const entryId = `pubsub:${createHash('sha256').update(text).digest('base64url')}`;
    const delivery = {
      eventType,
      stream: `pubsub:${eventType}`,
      entryId,
      arrivedMs: Date.now(),
      fields,
      raw: fields.map((part) => Buffer.from(part)),
    };
    try {
      if (eventType === 'market.tick')
        await this.levels.take(eventType, [EntryBytes.of(`${Date.now()}-0`, delivery.raw)]);
      else if (!this.events.offer(delivery)) this.tooMany(eventType);
    } catch (error) {
      this.logger.error(`${eventType} from a peer is lost: ${messageOf(error)}`);
    }
  }

  /** Said once in a while: a flood must not fill the log as well. */
  private tooMany(eventType: string): void {
    this.metrics.turnedAway.inc({ door: 'peers', code: 'too_many_events' });
    if (this.said.count(eventType) === null)
      this.logger.error(`${eventType} from a peer is lost: too many wait already`);
  }

  @MessagePattern('portfolio.get_snapshot', Transport.REDIS)
  snapshot(@Payload() question: PeerQuestion | null): Promise<unknown> {
    return this.portfolio(question, snapshotBody);
  }

  @MessagePattern('portfolio.get_pnl', Transport.REDIS)
  pnl(@Payload() question: PeerQuestion | null): Promise<unknown> {
    return this.portfolio(question, pnlBody);
  }

  @MessagePattern('portfolio.get_exposure', Transport.REDIS)
  exposure(@Payload() question: PeerQuestion | null): Promise<unknown> {
    return this.portfolio(question, exposureBody);
  }

  @MessagePattern('portfolio.get_drawdown', Transport.REDIS)
  drawdown(@Payload() question: PeerQuestion | null): Promise<unknown> {
    return this.portfolio(question, drawdownBody);
  }

  @MessagePattern('portfolio.get_positions', Transport.REDIS)
  positions(@Payload() question: PeerQuestion | null): Promise<unknown> {
    return this.portfolio(question, positionsBody);
  }

  @MessagePattern('portfolio.get_limits', Transport.REDIS)
  limits(@Payload() question: PeerQuestion | null): Promise<unknown> {
    return this.answer(question, async (asked) =>
      limitsBody(await this.queries.execute(new GetLimits(asked))),
    );
  }

  private portfolio(question: PeerQuestion | null, body: (state: PortfolioState) => Json): Promise<unknown> {
    return this.answer(question, async (asked) => body(await this.queries.execute(new GetPortfolio(asked))));
  }

  private async answer(
    question: PeerQuestion | null,
    body: (accountId: string) => Promise<Json>,
  ): Promise<unknown> {
    const asked = question?.account_id ?? 'main';
    if (typeof asked !== 'string')
      throw new RpcException({ code: 'account_invalid', message: 'account_id must be a text' });
    try {
      return await body(asked);
    } catch (error) {
      if (error instanceof UnknownAccountError)
        throw new RpcException({ code: 'account_unknown', message: error.message });
      throw error;
    }
  }
}

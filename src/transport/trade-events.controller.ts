import { Controller, UseFilters } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type {
  CashFlow,
  EmergencyStopTripped,
  OrderExecuted,
  TradeClosed,
  TradeCorrected,
  TradeOpened,
} from '../ledger/facts.js';
import type { Acceptance } from '../ledger/unit.js';
import { FactFlow } from '../flow/fact-flow.js';
import { PassThroughFilter } from './pass-through.filter.js';
import { REDIS_STREAMS } from './redis-streams.server.js';

/** What happened: facts from the trading services. Each runs inside the unit of work of its batch. */
@Controller()
@UseFilters(PassThroughFilter)
export class TradeEventsController {
  constructor(private readonly flow: FactFlow) {}

  @EventPattern('trade.opened', REDIS_STREAMS)
  opened(@Payload() event: TradeOpened): Promise<Acceptance> {
    return this.flow.apply(event);
  }

  @EventPattern('trade.closed', REDIS_STREAMS)
  closed(@Payload() event: TradeClosed): Promise<Acceptance> {
    return this.flow.apply(event);
  }

  @EventPattern('trade.corrected', REDIS_STREAMS)
  corrected(@Payload() event: TradeCorrected): Promise<Acceptance> {
    return this.flow.apply(event);
  }

  @EventPattern('account.cash_flow', REDIS_STREAMS)
  moneyMoved(@Payload() event: CashFlow): Promise<Acceptance> {
    return this.flow.apply(event);
  }

  @EventPattern('ess.tripped', REDIS_STREAMS)
  emergencyStopTripped(@Payload() event: EmergencyStopTripped): Promise<Acceptance> {
    return this.flow.apply(event);
  }

  @EventPattern(['order.executed', 'execution.result', 'trade.execution.res', 'apply.result'], REDIS_STREAMS)
  executed(@Payload() event: OrderExecuted): Promise<Acceptance> {
    return this.flow.apply(event);
  }
}

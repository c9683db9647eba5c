import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { OrderExecuted } from '../../ledger/facts.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import { TradeChanges } from '../domain/changes.js';
import { PositionsProjection } from '../positions-projection.js';
import type { TradeOutcome } from '../trade-outcome.js';

/** Records an execution. With trades as the source of positions it moves none; it may tell a market order's price. */
export class RecordExecution extends Command<TradeOutcome> {
  constructor(readonly event: OrderExecuted) {
    super();
  }
}

@CommandHandler(RecordExecution)
export class RecordExecutionHandler implements ICommandHandler<RecordExecution> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly positions: PositionsProjection,
  ) {}

  async execute({ event }: RecordExecution): Promise<TradeOutcome> {
    const unit = this.unitOfWork.current();
    const acceptance = await unit.accept(event);
    const recorded = acceptance.outcome === 'accepted' || acceptance.outcome === 'supplement';
    const state = unit.account(event.accountId).of(this.positions);
    const waiting = [event.tradeId, event.orderId].some((id) => {
      const trade = id === null ? undefined : state.find(event.symbol)?.open.get(id);
      return trade !== undefined && !trade.entryPrice;
    });
    if (recorded && waiting && event.executed && event.price) state.toRestate.add(event.symbol);
    return { acceptance, changes: new TradeChanges() };
  }
}

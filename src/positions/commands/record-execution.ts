import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { OrderExecuted } from '../../ledger/facts.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import { TradeChanges } from '../domain/changes.js';
import type { Unit } from '../../ledger/unit.js';
import { PositionsProjection } from '../positions-projection.js';
import type { PositionsState } from '../positions-state.js';
import { findTrade } from '../stored-trades.js';
import type { TradeOutcome } from './trade-outcome.js';

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
    if (recorded && event.executed && event.price && (await this.tellsPrice(unit, state, event))) {
      state.toRestate.add(event.symbol);
    }
    return { acceptance, changes: new TradeChanges() };
  }

  /** Whether it is of a trade, open or closed, whose open did not tell its price. */
  private async tellsPrice(
    unit: Unit,
    state: PositionsState,
    { accountId, symbol, ...event }: OrderExecuted,
  ): Promise<boolean> {
    for (const tradeId of [event.tradeId, event.orderId]) {
      if (tradeId === null) continue;
      const open = state.find(symbol)?.open.get(tradeId);
      const trade = open ?? (await findTrade(unit, state, accountId, { symbol, tradeId }));
      if (trade && trade.status !== 'ORPHAN' && trade.entryFrom !== 'open') return true;
    }
    return false;
  }
}

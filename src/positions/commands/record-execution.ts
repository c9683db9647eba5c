import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import type { LedgerEntry, OrderExecuted } from '../../ledger/facts.js';
import { keysOf } from '../../ledger/identity.js';
import type { Acceptance, Unit } from '../../ledger/unit.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import { TradeChanges } from '../domain/changes.js';
import { fillsInOrder, foldFill } from '../domain/fold-fills.js';
import { PositionsProjection } from '../positions-projection.js';
import type { PositionsState } from '../positions-state.js';
import { findTrade } from '../stored-trades.js';
import { fillOf, modeOf } from '../symbol-fold.js';
import type { TradeOutcome } from './trade-outcome.js';
import { stageChanges } from './trade-outcome.js';

/** Records an execution. With fills as the source it moves positions; with trades it moves none, but may tell a market order's price. */
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
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute({ event }: RecordExecution): Promise<TradeOutcome> {
    const unit = this.unitOfWork.current();
    const acceptance = await unit.accept(event);
    const changes = new TradeChanges();
    if (acceptance.outcome === 'accepted' || acceptance.outcome === 'supplement') {
      const state = unit.account(event.accountId).of(this.positions);
      if (this.config.POSITION_SOURCE === 'fills')
        this.move(state, acceptance, unit.isToldTwice(event), event, changes);
      else if (event.executed && event.price && (await this.tellsPrice(unit, state, event))) {
        state.restate(event.symbol, 'supplemented', acceptance.entry);
      }
    }
    return { acceptance, changes };
  }

  /** Fills are the source: the execution extends, reduces, closes or reverses what is held. */
  private move(
    state: PositionsState,
    { outcome, entry }: Acceptance & { entry: LedgerEntry },
    isToldTwice: boolean,
    event: OrderExecuted,
    changes: TradeChanges,
  ): void {
    const fill = fillOf({ ...entry, fact: event });
    if (!fill) return;
    const { symbol } = event;
    const book = state.edit(symbol);
    if (outcome === 'supplement') state.restate(symbol, 'supplemented', entry);
    else if (book.awaits(keysOf(event))) state.restate(symbol, 'corrected', entry);
    else if (isToldTwice) state.restate(symbol, 'along', entry);
    else if (!fillsInOrder(book, fill)) state.restate(symbol, 'late', entry);
    else if (state.toRestate.has(symbol)) state.restate(symbol, 'along', entry);
    else {
      foldFill(book, fill, modeOf(this.config), changes);
      stageChanges(state, symbol, changes);
    }
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

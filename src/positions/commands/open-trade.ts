import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import type { LedgerEntry, TradeOpened } from '../../ledger/facts.js';
import { keysOf } from '../../ledger/identity.js';
import type { Acceptance, Unit } from '../../ledger/unit.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import { executionPrice, opensInOrder } from '../domain/fold-trades.js';
import { applyOpen } from '../domain/open-trade.js';
import { TradeChanges } from '../domain/changes.js';
import { MarkPrices } from '../mark-prices.js';
import { PositionsProjection } from '../positions-projection.js';
import type { PositionsState, RestatementCause } from '../positions-state.js';
import { STAND_INS } from '../positions-tables.js';
import type { TradeOutcome } from './trade-outcome.js';
import { stageChanges } from './trade-outcome.js';

/** Records that a trade was opened and lets it join the open ones. */
export class OpenTrade extends Command<TradeOutcome> {
  constructor(readonly event: TradeOpened) {
    super();
  }
}

@CommandHandler(OpenTrade)
export class OpenTradeHandler implements ICommandHandler<OpenTrade> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly positions: PositionsProjection,
    private readonly marks: MarkPrices,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute({ event }: OpenTrade): Promise<TradeOutcome> {
    const unit = this.unitOfWork.current();
    const acceptance = await unit.accept(event);
    const changes = new TradeChanges();
    const counts = this.config.POSITION_SOURCE === 'trades';
    if (counts && (acceptance.outcome === 'accepted' || acceptance.outcome === 'supplement')) {
      await this.apply(unit, acceptance, event, changes);
    }
    return { acceptance, changes };
  }

  private async apply(
    unit: Unit,
    acceptance: Acceptance & { entry: LedgerEntry },
    event: TradeOpened,
    changes: TradeChanges,
  ): Promise<void> {
    const state = unit.account(event.accountId).of(this.positions);
    const outOfPlace = await this.whyOutOfPlace(unit, state, acceptance, event);
    if (outOfPlace) {
      state.restate(event.symbol, outOfPlace, acceptance.entry);
      return;
    }
    applyOpen(state.edit(event.symbol), { ...acceptance.entry, fact: event }, changes);
    if (!event.entryPrice) await this.standIn(unit, state, event);
    stageChanges(state, event.symbol, changes);
  }

  /** Why the open cannot simply be added; null = it can. */
  private async whyOutOfPlace(
    unit: Unit,
    state: PositionsState,
    { outcome }: Acceptance,
    event: TradeOpened,
  ): Promise<RestatementCause['why'] | null> {
    const book = state.edit(event.symbol);
    if (outcome === 'supplement') return 'supplemented';
    if (!opensInOrder(book, event)) return 'late';
    if (book.awaits(keysOf(event))) return 'corrected';
    if (await this.pricedByExecution(unit, event)) return 'supplemented';
    return state.toRestate.has(event.symbol) ? 'along' : null;
  }

  /** The price that stood in for it before (a replay), else the present mark when it is fresh; else the next mark will. */
  private async standIn(
    unit: Unit,
    state: PositionsState,
    { accountId, tradeId, symbol }: TradeOpened,
  ): Promise<void> {
    const [recorded] = await STAND_INS.select(unit.tx, 'account_id = $1 AND trade_id = $2', [
      accountId,
      tradeId,
    ]);
    const mark = this.marks.find(symbol);
    if (recorded) state.find(symbol)!.recallStandIn(tradeId, recorded.price);
    else if (mark && mark.at >= this.marks.staleBefore(unit.now)) state.standIn(symbol);
  }

  /** A market order's price may have come before it, with its execution. */
  private async pricedByExecution(unit: Unit, event: TradeOpened): Promise<boolean> {
    if (event.entryPrice) return false;
    const executions = await unit.executionsOf(event.accountId, event.tradeId);
    return executionPrice(event.tradeId, executions) !== null;
  }
}

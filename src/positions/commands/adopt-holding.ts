import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { PositionReconciled } from '../../ledger/facts.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import { applyLevel } from '../domain/apply-level.js';
import { TradeChanges } from '../domain/changes.js';
import { levelsInOrder } from '../domain/fold-trades.js';
import { PositionsProjection } from '../positions-projection.js';
import type { TradeOutcome } from './trade-outcome.js';
import { stageChanges } from './trade-outcome.js';

/** Makes what the exchange holds in a symbol ours, as of its statement's time. */
export class AdoptHolding extends Command<TradeOutcome> {
  constructor(readonly fact: PositionReconciled) {
    super();
  }
}

@CommandHandler(AdoptHolding)
export class AdoptHoldingHandler implements ICommandHandler<AdoptHolding> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly positions: PositionsProjection,
  ) {}

  async execute({ fact }: AdoptHolding): Promise<TradeOutcome> {
    const unit = this.unitOfWork.current();
    const acceptance = await unit.accept(fact);
    const changes = new TradeChanges();
    if (acceptance.outcome !== 'accepted') return { acceptance, changes };
    const state = unit.account(fact.accountId).of(this.positions);
    const { entry } = acceptance;
    const book = state.edit(fact.symbol);
    if (state.toRestate.has(fact.symbol)) state.restate(fact.symbol, 'along', entry);
    else if (!levelsInOrder(book, fact)) state.restate(fact.symbol, 'late', entry);
    else {
      applyLevel(book, { ...entry, fact }, changes);
      stageChanges(state, fact.symbol, changes);
    }
    return { acceptance, changes };
  }
}

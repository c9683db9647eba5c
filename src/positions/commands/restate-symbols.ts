import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import type { Unit } from '../../ledger/unit.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import { TradeChanges } from '../domain/changes.js';
import { MarkPrices } from '../mark-prices.js';
import { PositionsProjection } from '../positions-projection.js';
import type { PositionsState, RestatementCause } from '../positions-state.js';
import { restatedEvent, standingOf } from '../restatement.js';
import { differencesOf } from '../stored-trades.js';
import { foldSymbol } from '../symbol-fold.js';
import { stageChanges } from './trade-outcome.js';

/**
 * Folds anew, from the ledger, each symbol of an account in which a fact came late for its place or was corrected, and announces
 * (`portfolio.restated`) what that changed, from what to what, and why.
 */
export class RestateSymbols extends Command<TradeChanges> {
  constructor(readonly accountId: string) {
    super();
  }
}

@CommandHandler(RestateSymbols)
export class RestateSymbolsHandler implements ICommandHandler<RestateSymbols> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly positions: PositionsProjection,
    private readonly marks: MarkPrices,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute({ accountId }: RestateSymbols): Promise<TradeChanges> {
    const unit = this.unitOfWork.current();
    const state = unit.account(accountId).of(this.positions);
    const all = new TradeChanges();
    if (state.toRestate.size === 0) return all;
    await this.unitOfWork.writeStaged(unit);
    for (const [symbol, causes] of state.toRestate) {
      all.addAll(await this.restate(unit, state, accountId, symbol, causes));
    }
    state.toRestate.clear();
    return all;
  }

  private async restate(
    unit: Unit,
    state: PositionsState,
    accountId: string,
    symbol: string,
    causes: readonly RestatementCause[],
  ): Promise<TradeChanges> {
    const before = state.find(symbol);
    const { book, changes: rows } = await foldSymbol(unit, accountId, symbol, this.config);
    const { changes, realizedBefore, realizedAfter } = await differencesOf(unit, accountId, symbol, rows);
    state.replace(book);
    const mark = this.marks.find(symbol);
    if (!unit.replayed && mark && mark.at >= this.marks.staleBefore(unit.now)) state.standIn(symbol);
    stageChanges(state, symbol, changes);
    const [was, is] = [standingOf(before, realizedBefore), standingOf(book, realizedAfter)];
    unit.announce(accountId, restatedEvent(symbol, causes, was, is, unit.now));
    return changes;
  }
}

import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import { keysOf } from '../../ledger/identity.js';
import type { Unit } from '../../ledger/unit.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import { TradeChanges } from '../domain/changes.js';
import type { ToldWhole } from '../domain/lone-trade.js';
import { applyAlone } from '../domain/lone-trade.js';
import { PositionsProjection } from '../positions-projection.js';
import type { PositionsState } from '../positions-state.js';
import { closeKeyOf } from './close-trade.js';

/**
 * Records trades of an account of which nothing is known yet, that are told whole and stand alone (`standsAlone`): each is opened and
 * closed in one step, and leaves what is held as it was. Throws Refusal `dated_ahead`.
 */
export class TakeLoneTrades extends Command<TradeChanges> {
  constructor(
    readonly accountId: string,
    readonly trades: readonly ToldWhole[],
  ) {
    super();
  }
}

@CommandHandler(TakeLoneTrades)
export class TakeLoneTradesHandler implements ICommandHandler<TakeLoneTrades> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly positions: PositionsProjection,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  execute({ accountId, trades }: TakeLoneTrades): Promise<TradeChanges> {
    const unit = this.unitOfWork.current();
    const state = unit.account(accountId).of(this.positions);
    const changes = new TradeChanges();
    for (const trade of trades) this.take(unit, state, trade, changes);
    state.changes.addAll(changes);
    state.discrepancies += changes.discrepancies.size;
    return Promise.resolve(changes);
  }

  private take(
    unit: Unit,
    state: PositionsState,
    { opened, closed }: ToldWhole,
    changes: TradeChanges,
  ): void {
    const { symbol } = opened;
    const open = { ...unit.acceptNew(opened), fact: opened };
    const close = { ...unit.acceptNew(closed), fact: closed, key: closeKeyOf(closed) };
    if (this.config.POSITION_SOURCE !== 'trades') return;
    const keys = [...keysOf(opened), ...keysOf(closed)];
    if (applyAlone(state.edit(symbol), { open, close }, keys, changes)) return;
    state.restate(symbol, 'late', open);
    state.restate(symbol, 'late', close);
  }
}

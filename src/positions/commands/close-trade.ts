import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import type { TradeClosed } from '../../ledger/facts.js';
import { keysOf } from '../../ledger/identity.js';
import type { Unit } from '../../ledger/unit.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import { TradeChanges } from '../domain/changes.js';
import type { IdentifiedClose } from '../domain/close-trade.js';
import { applyClose, targetsOf } from '../domain/close-trade.js';
import { closesInOrder } from '../domain/fold-trades.js';
import { applyUnmatched, orphanIdOf } from '../domain/unmatched-close.js';
import { PositionsProjection } from '../positions-projection.js';
import type { PositionsState } from '../positions-state.js';
import { findTrade } from '../stored-trades.js';
import type { TradeOutcome } from './trade-outcome.js';
import { stageChanges } from './trade-outcome.js';

/** Records that a trade, or a part of one, was closed, and books what it realized. */
export class CloseTrade extends Command<TradeOutcome> {
  constructor(readonly event: TradeClosed) {
    super();
  }
}

/** The identity that orders a close among others of its microsecond: content, never arrival, decides. */
export function closeKeyOf(event: TradeClosed): string {
  const keys = keysOf(event);
  return keys.find((key) => key.startsWith('closed:')) ?? keys[0]!;
}

@CommandHandler(CloseTrade)
export class CloseTradeHandler implements ICommandHandler<CloseTrade> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly positions: PositionsProjection,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute({ event }: CloseTrade): Promise<TradeOutcome> {
    const unit = this.unitOfWork.current();
    const acceptance = await unit.accept(event);
    const changes = new TradeChanges();
    if (acceptance.outcome === 'accepted' && this.config.POSITION_SOURCE === 'trades') {
      await this.apply(unit, { ...acceptance.entry, fact: event, key: closeKeyOf(event) }, changes);
    }
    return { acceptance, changes };
  }

  private async apply(unit: Unit, close: IdentifiedClose, changes: TradeChanges): Promise<void> {
    const { accountId, symbol } = close.fact;
    const state = unit.account(accountId).of(this.positions);
    const awaited = state.edit(symbol).awaits(keysOf(close.fact));
    if (awaited) state.restate(symbol, 'corrected', close);
    else if (state.toRestate.has(symbol)) state.restate(symbol, 'along', close);
    else if (await this.applyInOrder(unit, state, close, changes)) stageChanges(state, symbol, changes);
    else state.restate(symbol, 'late', close);
  }

  /** False when the close came late for its place: then its symbol has to be folded anew. */
  private async applyInOrder(
    unit: Unit,
    state: PositionsState,
    close: IdentifiedClose,
    changes: TradeChanges,
  ): Promise<boolean> {
    const { fact } = close;
    const book = state.edit(fact.symbol);
    const named = fact.tradeId === null ? null : (book.open.get(fact.tradeId) ?? null);
    if (!closesInOrder(book, close, named)) return false;
    const targets = named ? [named] : fact.tradeId === null ? targetsOf(book, fact) : [];
    if (targets.length > 0) {
      applyClose(book, close, targets, changes);
      return true;
    }
    const name = { symbol: fact.symbol, tradeId: orphanIdOf(close) };
    const known = fact.tradeId === null ? null : await findTrade(unit, state, fact.accountId, name);
    // The trade it names is closed already: only the fold of the whole symbol can say what that means.
    if (known && known.status !== 'ORPHAN') return false;
    applyUnmatched(book, close, known, changes);
    return true;
  }
}

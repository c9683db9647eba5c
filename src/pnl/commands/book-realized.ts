import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import type { TradeChanges } from '../../positions/domain/changes.js';
import { PnlProjection } from '../pnl-projection.js';

/** Carries what changed in an account's trades into its realized PnL and its trade statistics. */
export class BookRealized extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly changes: TradeChanges,
  ) {
    super();
  }
}

@CommandHandler(BookRealized)
export class BookRealizedHandler implements ICommandHandler<BookRealized> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly pnl: PnlProjection,
  ) {}

  execute({ accountId, changes }: BookRealized): Promise<void> {
    this.unitOfWork.current().account(accountId).of(this.pnl).addTradeChanges(changes);
    return Promise.resolve();
  }
}

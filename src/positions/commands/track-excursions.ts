import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import { Book } from '../../ledger/book.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import type { TradeChanges } from '../domain/changes.js';
import { ExcursionsProjection } from '../excursions-projection.js';
import { MarkPrices } from '../mark-prices.js';
import { PositionsProjection } from '../positions-projection.js';

/** Begins and ends the excursions of trades that facts opened, changed or closed. What marks did until now is taken in first. */
export class TrackExcursions extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly changes: TradeChanges,
  ) {
    super();
  }
}

@CommandHandler(TrackExcursions)
export class TrackExcursionsHandler implements ICommandHandler<TrackExcursions> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly committed: Book,
    private readonly positions: PositionsProjection,
    private readonly excursions: ExcursionsProjection,
    private readonly marks: MarkPrices,
  ) {}

  execute({ accountId, changes }: TrackExcursions): Promise<void> {
    const unit = this.unitOfWork.current();
    // An excursion is what a trade was seen to be worth: a replay sees nothing new.
    if (unit.replayed) return Promise.resolve();
    const account = unit.account(accountId);
    const state = account.of(this.excursions);
    const before = this.committed.find(accountId)?.of(this.positions);
    for (const symbol of symbolsOf(changes)) {
      state.touch(symbol, before?.find(symbol));
      const book = account.of(this.positions).find(symbol);
      if (!book) continue;
      state.seePresent(book, this.marks.find(symbol));
      state.forgetClosed(book);
    }
    return Promise.resolve();
  }
}

function symbolsOf({ trades }: TradeChanges): Set<string> {
  return new Set([...trades].map(({ before, after }) => (after ?? before)!.symbol));
}

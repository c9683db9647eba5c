import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { TradeCorrected } from '../../ledger/facts.js';
import type { Acceptance } from '../../ledger/unit.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import { PositionsProjection } from '../positions-projection.js';

/** Records a correction and has its symbol restated; a correction that comes before its fact waits for it. */
export class CorrectTrade extends Command<Acceptance> {
  constructor(readonly event: TradeCorrected) {
    super();
  }
}

@CommandHandler(CorrectTrade)
export class CorrectTradeHandler implements ICommandHandler<CorrectTrade> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly positions: PositionsProjection,
  ) {}

  async execute({ event }: CorrectTrade): Promise<Acceptance> {
    const unit = this.unitOfWork.current();
    const acceptance = await unit.accept(event);
    if (acceptance.outcome === 'accepted') {
      unit.account(event.accountId).of(this.positions).restate(event.symbol, 'corrected', acceptance.entry);
    }
    return acceptance;
  }
}

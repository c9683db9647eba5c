import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import type { Decimal } from '../../shared/decimal.js';
import { CurveProjection } from '../curve-projection.js';

/** Takes a fact's effect on equity into the account's curve; `flow` is money that moved in (+) or out (−) with it. */
export class TrackEquity extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly flow: Decimal | null = null,
  ) {
    super();
  }
}

@CommandHandler(TrackEquity)
export class TrackEquityHandler implements ICommandHandler<TrackEquity> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly curves: CurveProjection,
  ) {}

  execute({ accountId, flow }: TrackEquity): Promise<void> {
    const unit = this.unitOfWork.current();
    // A curve is what equity was seen to be: a replay sees nothing new.
    if (unit.replayed) return Promise.resolve();
    const account = unit.account(accountId);
    if (unit.inHindsight) this.curves.rebase(account, unit.now);
    if (flow) account.of(this.curves).moveMoney(flow, unit.now);
    this.curves.follow(account, unit.now);
    return Promise.resolve();
  }
}

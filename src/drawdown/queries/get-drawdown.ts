import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { Account } from '../../ledger/account.js';
import { AccountReader } from '../../ledger/account-reader.js';
import { CALENDAR } from '../../pnl/calendar.provider.js';
import type { Calendar } from '../../shared/periods.js';
import { CurveProjection } from '../curve-projection.js';
import type { DrawdownFigures } from '../domain/drawdown-figures.js';
import { drawdownFigures } from '../domain/drawdown-figures.js';

/** How far below its peaks an account is, now. Throws UnknownAccountError. */
export class GetDrawdown extends Query<DrawdownFigures> {
  constructor(readonly accountId: string) {
    super();
  }
}

@QueryHandler(GetDrawdown)
export class GetDrawdownHandler implements IQueryHandler<GetDrawdown> {
  constructor(
    private readonly accounts: AccountReader,
    private readonly curves: CurveProjection,
    @Inject(CALENDAR) private readonly calendar: Calendar,
  ) {}

  execute({ accountId }: GetDrawdown): Promise<DrawdownFigures> {
    return Promise.resolve(this.figuresOf(this.accounts.read(accountId), this.accounts.now()));
  }

  /** The figures of an account in any state, committed or staged. */
  figuresOf(account: Account, now: number): DrawdownFigures {
    return drawdownFigures(account.of(this.curves).curve, now, this.calendar);
  }
}

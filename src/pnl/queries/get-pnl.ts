import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { Account } from '../../ledger/account.js';
import { AccountReader } from '../../ledger/account-reader.js';
import { PositionsProjection } from '../../positions/positions-projection.js';
import type { Calendar } from '../../shared/periods.js';
import { CALENDAR } from '../calendar.provider.js';
import type { PnlFigures } from '../domain/pnl-figures.js';
import { pnlFigures } from '../domain/pnl-figures.js';
import { PnlProjection } from '../pnl-projection.js';

/** What an account earned, now. Throws UnknownAccountError. */
export class GetPnl extends Query<PnlFigures> {
  constructor(readonly accountId: string) {
    super();
  }
}

@QueryHandler(GetPnl)
export class GetPnlHandler implements IQueryHandler<GetPnl> {
  constructor(
    private readonly accounts: AccountReader,
    private readonly pnl: PnlProjection,
    private readonly positions: PositionsProjection,
    @Inject(CALENDAR) private readonly calendar: Calendar,
  ) {}

  execute({ accountId }: GetPnl): Promise<PnlFigures> {
    return Promise.resolve(this.figuresOf(this.accounts.read(accountId), this.accounts.now()));
  }

  /** The figures of an account in any state, committed or staged. */
  figuresOf(account: Account, now: number): PnlFigures {
    const { unrealized } = account.of(this.positions);
    return pnlFigures(account.of(this.pnl), unrealized, this.calendar.dayOf(now));
  }
}

import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { Account } from '../../ledger/account.js';
import { AccountReader } from '../../ledger/account-reader.js';
import { PnlProjection } from '../../pnl/pnl-projection.js';
import type { HeldPosition } from '../../positions/queries/get-positions.js';
import { GetPositionsHandler } from '../../positions/queries/get-positions.js';
import { PositionsProjection } from '../../positions/positions-projection.js';
import type { ExposureFigures } from '../domain/exposure.js';
import { exposureFigures } from '../domain/exposure.js';

/** What an account has at risk, now. Throws UnknownAccountError. */
export class GetExposure extends Query<ExposureFigures> {
  constructor(readonly accountId: string) {
    super();
  }
}

@QueryHandler(GetExposure)
export class GetExposureHandler implements IQueryHandler<GetExposure> {
  constructor(
    private readonly accounts: AccountReader,
    private readonly positions: PositionsProjection,
    private readonly pnl: PnlProjection,
    private readonly held: GetPositionsHandler,
  ) {}

  execute({ accountId }: GetExposure): Promise<ExposureFigures> {
    const account = this.accounts.read(accountId);
    return Promise.resolve(this.figuresOf(account, this.held.positionsOf(account, this.accounts.now())));
  }

  /** The figures of an account in any state, committed or staged, for its positions. */
  figuresOf(account: Account, positions: readonly HeldPosition[]): ExposureFigures {
    const equity = account.of(this.pnl).wallet.plus(account.of(this.positions).totals.unrealized);
    return exposureFigures(
      positions.map(({ exposure, ...position }) => ({ ...position, notional: exposure })),
      equity,
    );
  }
}

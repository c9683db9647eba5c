import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import { AccountReader } from '../../ledger/account-reader.js';
import { PnlProjection } from '../../pnl/pnl-projection.js';
import type { HeldPosition } from '../../positions/queries/held-position.js';
import { GetPositionsHandler } from '../../positions/queries/get-positions.js';
import { PositionsProjection } from '../../positions/positions-projection.js';
import type { Decimal } from '../../shared/decimal.js';
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
    const equity = account.of(this.pnl).wallet.plus(account.of(this.positions).unrealized);
    return Promise.resolve(exposureFiguresOf(this.held.positionsOf(account, this.accounts.now()), equity));
  }
}

/** The figures of positions and of the equity that bears them. */
export function exposureFiguresOf(positions: readonly HeldPosition[], equity: Decimal): ExposureFigures {
  return exposureFigures(
    positions.map(({ symbol, side, sector, exposure }) => ({ symbol, side, sector, notional: exposure })),
    equity,
  );
}

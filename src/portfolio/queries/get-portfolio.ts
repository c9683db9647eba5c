import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import { AccountReader } from '../../ledger/account-reader.js';
import type { PortfolioState } from '../portfolio-state.js';
import { PortfolioStates } from '../portfolio-state.js';

/** Everything about an account as of one moment. Throws UnknownAccountError. */
export class GetPortfolio extends Query<PortfolioState> {
  constructor(readonly accountId: string) {
    super();
  }
}

@QueryHandler(GetPortfolio)
export class GetPortfolioHandler implements IQueryHandler<GetPortfolio> {
  constructor(
    private readonly accounts: AccountReader,
    private readonly states: PortfolioStates,
  ) {}

  execute({ accountId }: GetPortfolio): Promise<PortfolioState> {
    return Promise.resolve(this.states.of(this.accounts.read(accountId), this.accounts.now()));
  }
}

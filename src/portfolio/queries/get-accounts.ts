import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { Account } from '../../ledger/account.js';
import { AccountReader } from '../../ledger/account-reader.js';
import { Book } from '../../ledger/book.js';
import { GetPnlHandler } from '../../pnl/queries/get-pnl.js';
import { GetPositionsHandler } from '../../positions/queries/get-positions.js';
import { isoOf } from '../../shared/periods.js';
import type { ListedAccountBody } from '../bodies/accounts.body.js';

type ListedAccount = Pick<ListedAccountBody, keyof ListedAccountBody>;

/** The accounts by their id; see AccountsBody. */
export type AccountsListed = { readonly accounts: readonly ListedAccount[]; readonly timestamp: string };

/** Every account that came into being and exists for who asks. */
export class GetAccounts extends Query<AccountsListed> {
  constructor(readonly isVisible: (accountId: string) => boolean) {
    super();
  }
}

@QueryHandler(GetAccounts)
export class GetAccountsHandler implements IQueryHandler<GetAccounts> {
  constructor(
    private readonly book: Book,
    private readonly accounts: AccountReader,
    private readonly pnl: GetPnlHandler,
    private readonly positions: GetPositionsHandler,
  ) {}

  execute({ isVisible }: GetAccounts): Promise<AccountsListed> {
    const now = this.accounts.now();
    const visible = [...this.book.all()].filter(({ accountId }) => isVisible(accountId));
    const sorted = visible.sort((a, b) => (a.accountId < b.accountId ? -1 : 1));
    return Promise.resolve({
      accounts: sorted.map((account) => this.listed(account, now)),
      timestamp: isoOf(now),
    });
  }

  private listed(account: Account, now: number): ListedAccount {
    return {
      account_id: account.accountId,
      version: account.version,
      cash_balance: this.pnl.figuresOf(account, now).walletBalance,
      num_positions: this.positions.positionsOf(account, now).length,
    };
  }
}

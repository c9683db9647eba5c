import { Injectable } from '@nestjs/common';
import type { Account } from '../ledger/account.js';
import { Book } from '../ledger/book.js';
import { PositionsProjection } from './positions-projection.js';

/** Which accounts hold a symbol, so that a tick touches only those. */
@Injectable()
export class Holders {
  private readonly accounts = new Map<string, Map<string, Account>>();

  constructor(book: Book, positions: PositionsProjection) {
    book.onChange((account, before) => {
      for (const held of before?.of(positions).held() ?? [])
        this.accounts.get(held.symbol)?.delete(account.accountId);
      for (const held of account.of(positions).held()) this.join(held.symbol, account);
    });
  }

  of(symbol: string): Iterable<Account> {
    return this.accounts.get(symbol)?.values() ?? [];
  }

  has(symbol: string): boolean {
    return (this.accounts.get(symbol)?.size ?? 0) > 0;
  }

  private join(symbol: string, account: Account): void {
    const holders = this.accounts.get(symbol);
    if (holders) holders.set(account.accountId, account);
    else this.accounts.set(symbol, new Map([[account.accountId, account]]));
  }
}

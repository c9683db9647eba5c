import { Injectable } from '@nestjs/common';
import type { Account } from '../ledger/account.js';
import { Book } from '../ledger/book.js';
import type { ExcursionState } from './excursion-state.js';
import { ExcursionsProjection } from './excursions-projection.js';
import { PositionsProjection } from './positions-projection.js';
import type { PositionsState } from './positions-state.js';

/** An account that holds a symbol, with its states that follow the symbol's price: looked up once, and not at every tick. */
export interface Holder {
  readonly account: Account;
  readonly positions: PositionsState;
  readonly excursions: ExcursionState;
}

/** Which accounts hold a symbol, so that a tick touches only those. */
@Injectable()
export class Holders {
  private readonly accounts = new Map<string, Map<string, Holder>>();

  constructor(book: Book, positions: PositionsProjection, excursions: ExcursionsProjection) {
    book.onChange((account, before) => {
      for (const held of before?.of(positions).held() ?? [])
        this.accounts.get(held.symbol)?.delete(account.accountId);
      const holder = { account, positions: account.of(positions), excursions: account.of(excursions) };
      for (const held of holder.positions.held()) this.join(held.symbol, holder);
    });
  }

  of(symbol: string): Iterable<Holder> {
    return this.accounts.get(symbol)?.values() ?? [];
  }

  has(symbol: string): boolean {
    return (this.accounts.get(symbol)?.size ?? 0) > 0;
  }

  private join(symbol: string, holder: Holder): void {
    const holders = this.accounts.get(symbol);
    if (holders) holders.set(holder.account.accountId, holder);
    else this.accounts.set(symbol, new Map([[holder.account.accountId, holder]]));
  }
}

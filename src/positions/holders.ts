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

const NONE: readonly Holder[] = [];

/** Those who hold a symbol, and the same as a list, which costs less to go through at every tick; null = one came or went since. */
interface HoldersOfSymbol {
  readonly byAccount: Map<string, Holder>;
  list: readonly Holder[] | null;
}

/** Which accounts hold a symbol, so that a tick touches only those. */
@Injectable()
export class Holders {
  private readonly holders = new Map<string, HoldersOfSymbol>();

  constructor(book: Book, positions: PositionsProjection, excursions: ExcursionsProjection) {
    book.onChange((account, before) => {
      for (const held of before?.of(positions).held() ?? []) this.leave(held.symbol, account.accountId);
      const holder = { account, positions: account.of(positions), excursions: account.of(excursions) };
      for (const held of holder.positions.held()) this.join(held.symbol, holder);
    });
  }

  of(symbol: string): readonly Holder[] {
    const holders = this.holders.get(symbol);
    return holders ? (holders.list ??= [...holders.byAccount.values()]) : NONE;
  }

  has(symbol: string): boolean {
    return (this.holders.get(symbol)?.byAccount.size ?? 0) > 0;
  }

  private join(symbol: string, holder: Holder): void {
    let holders = this.holders.get(symbol);
    if (!holders) this.holders.set(symbol, (holders = { byAccount: new Map(), list: null }));
    holders.byAccount.set(holder.account.accountId, holder);
    holders.list = null;
  }

  private leave(symbol: string, accountId: string): void {
    const holders = this.holders.get(symbol);
    if (!holders) return;
    holders.byAccount.delete(accountId);
    holders.list = null;
  }
}

import { Injectable } from '@nestjs/common';
import type { Account } from '../../ledger/account.js';
import type { HeldSide } from '../domain/held-trades.js';
import { heldSides } from '../domain/held-trades.js';
import { MarkPrices } from '../mark-prices.js';
import { PositionsProjection } from '../positions-projection.js';

/** What an account holds, down to its open trades and the marks that value them. */
@Injectable()
export class HeldSides {
  constructor(
    private readonly positions: PositionsProjection,
    private readonly marks: MarkPrices,
  ) {}

  /** By symbol, longs before shorts, of an account in any state, committed or staged. */
  of(account: Account): HeldSide[] {
    const books = [...account.of(this.positions).held()].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
    return books.flatMap((book) => heldSides(book, this.marks.find(book.symbol)));
  }
}

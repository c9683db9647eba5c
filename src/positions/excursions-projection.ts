import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/database.js';
import type { Account } from '../ledger/account.js';
import { Book } from '../ledger/book.js';
import type { Projection, Staged } from '../ledger/projection.js';
import { ExcursionState } from './excursion-state.js';
import { EXCURSIONS, excursionOf, rowOf, sawSomething, writeExcursions } from './excursion-tables.js';
import { MarkPrices } from './mark-prices.js';
import { PositionsProjection } from './positions-projection.js';

/** What open trades were seen to be worth: a record of what was seen, which a rebuild leaves, hence no tables to drop. */
@Injectable()
export class ExcursionsProjection implements Projection<ExcursionState> {
  readonly name = 'excursions';
  readonly tables: readonly string[] = [];

  constructor(
    book: Book,
    private readonly positions: PositionsProjection,
    private readonly marks: MarkPrices,
  ) {
    book.register(this);
    book.onChange((account, before) => this.succeed(account, before));
  }

  async load(tx: Transaction, accountIds: readonly string[]): Promise<Map<string, ExcursionState>> {
    const states = new Map(accountIds.map((accountId) => [accountId, new ExcursionState()]));
    const open = `SELECT account_id, symbol, trade_id FROM trades WHERE account_id = ANY($1) AND status = 'OPEN'`;
    const rows = await EXCURSIONS.select(
      tx,
      `account_id = ANY($1) AND (account_id, symbol, trade_id) IN (${open})`,
      [accountIds],
    );
    for (const row of rows) states.get(row.accountId)!.put(row.symbol, row.tradeId, excursionOf(row));
    return states;
  }

  fork(state: ExcursionState): ExcursionState {
    return state.fork();
  }

  /** Writes what a unit staged: trades that were opened, and the last word on those that were closed. */
  async write(tx: Transaction, staged: readonly Staged<ExcursionState>[]): Promise<void> {
    const rows = staged.map(({ accountId, state }) => ({
      accountId,
      state,
      unwritten: [...state.unwritten('touched')],
    }));
    await writeExcursions(
      tx,
      rows.flatMap(({ accountId, unwritten }) =>
        unwritten.filter(sawSomething).map(({ symbol, tradeId, excursion }) => ({
          accountId,
          row: rowOf(symbol, tradeId, excursion),
        })),
      ),
    );
    for (const { state, unwritten } of rows) state.written(unwritten);
  }

  /** A committed state takes the place of another, and its open trades see the present marks. */
  private succeed(account: Account, before: Account | undefined): void {
    if (before === account) return;
    const state = account.of(this);
    const held = account.of(this.positions);
    const earlier = before?.of(this) ?? null;
    for (const book of before?.of(this.positions).held() ?? []) {
      if (!state.isForkOf(earlier)) earlier?.takeIn(book);
    }
    const changed = state.succeed(earlier);
    const books = changed ? [...changed].map((symbol) => held.find(symbol)) : [...held.symbols()];
    for (const book of books) {
      if (!book) continue;
      state.forgetClosed(book);
      if (book.open.size > 0) state.seePresent(book, this.marks.find(book.symbol));
    }
  }
}

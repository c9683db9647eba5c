import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/database.js';
import type { OwnedRow, Table } from '../database/table.js';
import { Book } from '../ledger/book.js';
import type { Side } from '../ledger/facts.js';
import type { Projection, Staged } from '../ledger/projection.js';
import { describePositions } from './described-positions.js';
import type { ChangeSet } from './domain/changes.js';
import { TradeChanges } from './domain/changes.js';
import { SymbolBook } from './domain/symbol-book.js';
import { MarkPrices } from './mark-prices.js';
import { PositionsState } from './positions-state.js';
import type { PositionRow, StandInRow, SymbolBookRow } from './positions-tables.js';
import {
  BOOKINGS,
  DISCREPANCIES,
  POSITIONS,
  STAND_INS,
  SYMBOL_BOOKS,
  TRADES,
  UNMATCHED,
} from './positions-tables.js';
import { rewriteStoodInCosts } from './stood-in-costs.js';

const SIDES: readonly Side[] = ['LONG', 'SHORT'];

/** Trades, what they realized, what is held of them, and what does not fit. */
@Injectable()
export class PositionsProjection implements Projection<PositionsState> {
  readonly name = 'positions';
  readonly tables = [TRADES, BOOKINGS, DISCREPANCIES, UNMATCHED, POSITIONS, SYMBOL_BOOKS].map(
    (table) => table.name,
  );

  constructor(
    private readonly marks: MarkPrices,
    book: Book,
  ) {
    book.register(this);
    book.onChange((account, before) => account.of(this).catchUp(before?.of(this)));
  }

  async load(tx: Transaction, accountIds: readonly string[]): Promise<Map<string, PositionsState>> {
    const states = new Map(accountIds.map((accountId) => [accountId, new PositionsState(this.marks)]));
    for (const row of await SYMBOL_BOOKS.select(tx, 'account_id = ANY($1)', [accountIds])) {
      const book = new SymbolBook(row.symbol);
      book.lastAt = row.lastAt;
      book.lastUnnamedAt = row.lastUnnamedAt;
      book.lastLevelAt = row.lastLevelAt;
      book.lastFillId = row.lastFillId;
      book.awaited = row.awaited;
      states.get(row.accountId)!.replace(book);
    }
    await loadTrades(tx, accountIds, states);
    for (const state of states.values()) for (const book of state.symbols()) state.revalue(book.symbol);
    const counted = await tx.query<Record<'account_id' | 'n', string>>(
      'SELECT account_id, count(*) AS n FROM discrepancies WHERE account_id = ANY($1) GROUP BY account_id',
      [accountIds],
    );
    for (const { account_id: accountId, n } of counted) states.get(accountId)!.discrepancies = Number(n);
    return states;
  }

  fork(state: PositionsState): PositionsState {
    return state.fork();
  }

  describe(state: PositionsState): Map<string, string> {
    return describePositions(state);
  }

  async write(tx: Transaction, staged: readonly Staged<PositionsState>[]): Promise<void> {
    const changes = (pick: (changes: TradeChanges) => ChangeSet<object>) =>
      staged.map(({ accountId, state, inBulk = false }) => ({ accountId, set: pick(state.changes), inBulk }));
    // Asked one after another on one connection: the next table is put together while Postgres is at the one before.
    await Promise.all([
      writeChanges(
        tx,
        TRADES,
        changes((all) => all.trades as ChangeSet<object>),
      ),
      writeChanges(
        tx,
        BOOKINGS,
        changes((all) => all.bookings as ChangeSet<object>),
      ),
      writeChanges(
        tx,
        DISCREPANCIES,
        changes((all) => all.discrepancies as ChangeSet<object>),
      ),
      writeChanges(
        tx,
        UNMATCHED,
        changes((all) => all.unmatched as ChangeSet<object>),
      ),
    ]);
    await writeHoldings(tx, staged);
    for (const { accountId, state } of staged) await this.writeStandIns(tx, accountId, state);
    for (const { state } of staged) {
      state.newStandIns = [];
      state.changes = new TradeChanges();
      state.touched.clear();
    }
  }

  /**
   * Writes down the marks that stand in for entry prices, the first one of a trade stays, and what the positions cost by them. Needs the
   * account's lock. Returns what it wrote.
   */
  async writeStandIns(
    tx: Transaction,
    accountId: string,
    state: PositionsState,
  ): Promise<readonly StandInRow[]> {
    const rows = state.newStandIns;
    const symbols = [...state.stoodInSymbols()];
    await STAND_INS.keepFirst(
      tx,
      rows.map((row) => ({ accountId, row })),
    );
    await rewriteStoodInCosts(tx, accountId, symbols);
    return rows;
  }
}

async function loadTrades(
  tx: Transaction,
  accountIds: readonly string[],
  states: ReadonlyMap<string, PositionsState>,
): Promise<void> {
  const isOpen = `account_id = ANY($1) AND status = 'OPEN'`;
  const standIns = await STAND_INS.select(
    tx,
    `account_id = ANY($1) AND (account_id, trade_id) IN (SELECT account_id, trade_id FROM trades WHERE ${isOpen})`,
    [accountIds],
  );
  const open = await TRADES.select(tx, isOpen, [accountIds]);
  const nameOf = (accountId: string, tradeId: string) => JSON.stringify([accountId, tradeId]);
  const symbolOf = new Map(
    open.map(({ accountId, tradeId, symbol }) => [nameOf(accountId, tradeId), symbol]),
  );
  for (const { accountId, tradeId, price } of standIns)
    states
      .get(accountId)!
      .edit(symbolOf.get(nameOf(accountId, tradeId))!)
      .standIns.set(tradeId, price);
  for (const { accountId, ...trade } of open) states.get(accountId)!.edit(trade.symbol).put(trade);
  const waiting = 'account_id = ANY($1) AND (trade_id IS NOT NULL OR NOT booked)';
  for (const { accountId, ...close } of await UNMATCHED.select(tx, waiting, [accountIds]))
    states.get(accountId)!.edit(close.symbol).unmatched.set(close.version, close);
  for (const state of states.values()) state.touched.clear();
}

function writeChanges(
  tx: Transaction,
  table: Table<object>,
  accounts: readonly { accountId: string; set: ChangeSet<object>; inBulk: boolean }[],
): Promise<unknown> {
  const saved: OwnedRow<object>[] = [];
  const gone: OwnedRow<object>[] = [];
  const added: OwnedRow<object>[] = [];
  for (const { accountId, set, inBulk } of accounts) {
    for (const { before, after } of set) {
      if (after) (inBulk && !before ? added : saved).push({ accountId, row: after });
      else if (before) gone.push({ accountId, row: before });
    }
  }
  return Promise.all([table.remove(tx, gone), table.upsert(tx, saved), table.append(tx, added)]);
}

async function writeHoldings(tx: Transaction, staged: readonly Staged<PositionsState>[]): Promise<void> {
  const books: OwnedRow<SymbolBookRow>[] = [];
  const held: OwnedRow<PositionRow>[] = [];
  const flat: OwnedRow<PositionRow>[] = [];
  for (const { accountId, state } of staged) {
    for (const symbol of state.touched) {
      const book = state.find(symbol)!;
      books.push({ accountId, row: book });
      for (const side of SIDES) {
        const { quantity, costBasis, trades } = book.holding(side);
        const row = { symbol, side, quantity, costBasis, openTrades: trades };
        (trades > 0 ? held : flat).push({ accountId, row });
      }
    }
  }
  await SYMBOL_BOOKS.upsert(tx, books);
  await POSITIONS.remove(tx, flat);
  await POSITIONS.upsert(tx, held);
}

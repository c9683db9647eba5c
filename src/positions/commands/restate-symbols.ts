import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { Table } from '../../database/table.js';
import type { LedgerEntry, OrderExecuted, TradeOpened } from '../../ledger/facts.js';
import { entriesOfSymbol } from '../../ledger/ledger-store.js';
import type { Unit } from '../../ledger/unit.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import type { ChangeSet } from '../domain/changes.js';
import { TradeChanges } from '../domain/changes.js';
import type { IdentifiedClose } from '../domain/close-trade.js';
import type { Folded } from '../domain/fold-trades.js';
import { foldTrades } from '../domain/fold-trades.js';
import { PositionsProjection } from '../positions-projection.js';
import { BOOKINGS, DISCREPANCIES, STAND_INS, TRADES, UNMATCHED } from '../positions-tables.js';
import { stageChanges } from './trade-outcome.js';
import { closeKeyOf } from './close-trade.js';

/** Folds anew, from the ledger, each symbol of an account in which a fact came late for its place. */
export class RestateSymbols extends Command<TradeChanges> {
  constructor(readonly accountId: string) {
    super();
  }
}

@CommandHandler(RestateSymbols)
export class RestateSymbolsHandler implements ICommandHandler<RestateSymbols> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly positions: PositionsProjection,
  ) {}

  async execute({ accountId }: RestateSymbols): Promise<TradeChanges> {
    const unit = this.unitOfWork.current();
    const state = unit.account(accountId).of(this.positions);
    const all = new TradeChanges();
    if (state.toRestate.size === 0) return all;
    await this.unitOfWork.writeStaged(unit);
    for (const symbol of state.toRestate) {
      const { book, changes: rows } = await fold(unit, accountId, symbol);
      const changes = await differences(unit, accountId, symbol, rows);
      state.replace(book);
      stageChanges(state, symbol, changes);
      all.addAll(changes);
    }
    state.toRestate.clear();
    return all;
  }
}

async function fold(unit: Unit, accountId: string, symbol: string): Promise<Folded> {
  const entries = await entriesOfSymbol(unit.tx, accountId, symbol, unit.account(accountId).version);
  const standIns = await STAND_INS.select(
    unit.tx,
    'account_id = $1 AND trade_id IN (SELECT trade_id FROM trades WHERE account_id = $1 AND symbol = $2)',
    [accountId, symbol],
  );
  const opens: LedgerEntry<TradeOpened>[] = [];
  const closes: IdentifiedClose[] = [];
  const executions: LedgerEntry<OrderExecuted>[] = [];
  for (const entry of entries) {
    const { fact } = entry;
    if (fact.kind === 'trade.opened') opens.push({ ...entry, fact });
    else if (fact.kind === 'trade.closed') closes.push({ ...entry, fact, key: closeKeyOf(fact) });
    else if (fact.kind === 'order.executed') executions.push({ ...entry, fact });
  }
  return foldTrades({
    symbol,
    opens,
    closes,
    executions,
    standIns: new Map(standIns.map(({ tradeId, price }) => [tradeId, price])),
  });
}

/** What has to change for the rows of a symbol to become those of the fold. */
async function differences(
  unit: Unit,
  accountId: string,
  symbol: string,
  rows: TradeChanges,
): Promise<TradeChanges> {
  const stored = <Row extends object>(table: Table<Row>): Promise<Row[]> =>
    table.select(unit.tx, 'account_id = $1 AND symbol = $2', [accountId, symbol]);
  const changes = new TradeChanges();
  compare(await stored(TRADES), rows.trades, changes.trades);
  // Fees and funding of the account may name a symbol too; no trade made them, and no fold of trades may remove them.
  compare(
    (await stored(BOOKINGS)).filter((booking) => booking.tradeId !== ''),
    rows.bookings,
    changes.bookings,
  );
  compare(await stored(DISCREPANCIES), rows.discrepancies, changes.discrepancies);
  compare(await stored(UNMATCHED), rows.unmatched, changes.unmatched);
  return changes;
}

function compare<Row extends object>(
  stored: readonly Row[],
  folded: ChangeSet<Row>,
  changes: ChangeSet<Row>,
): void {
  const before = new Map(stored.map((row) => [folded.keyOf(row), row]));
  for (const { after } of folded) {
    const old = before.get(folded.keyOf(after!)) ?? null;
    before.delete(folded.keyOf(after!));
    if (!old || canonical(old) !== canonical(after!)) changes.replace(old, after);
  }
  for (const old of before.values()) changes.replace(old, null);
}

function canonical(row: object): string {
  const { accountId: _owner, ...values } = row as Record<string, unknown>;
  return JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}

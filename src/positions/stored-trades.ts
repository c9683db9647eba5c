import type { Table } from '../database/table.js';
import type { Unit } from '../ledger/unit.js';
import { Decimal } from '../shared/decimal.js';
import type { Booking, ChangeSet } from './domain/changes.js';
import { TradeChanges, tradeKey } from './domain/changes.js';
import type { Trade } from './domain/trade.js';
import type { PositionsState } from './positions-state.js';
import { BOOKINGS, DISCREPANCIES, TRADES, UNMATCHED } from './positions-tables.js';

/** A trade that is not open, as this unit has it: staged, else as the database says; null = never heard of. */
export async function findTrade(
  unit: Unit,
  state: PositionsState,
  accountId: string,
  name: Pick<Trade, 'symbol' | 'tradeId'>,
): Promise<Trade | null> {
  const staged = state.changes.trades.find(tradeKey(name));
  if (staged) return staged.after;
  const condition = 'account_id = $1 AND symbol = $2 AND trade_id = $3';
  const rows = await TRADES.select(unit.tx, condition, [accountId, name.symbol, name.tradeId]);
  if (!rows[0]) return null;
  const { accountId: _owner, ...trade } = rows[0];
  return trade;
}

export interface Differences {
  readonly changes: TradeChanges;
  /** Net realized PnL of the symbol as the rows had it, and as the fold has it. */
  readonly realizedBefore: Decimal;
  readonly realizedAfter: Decimal;
}

/** What has to change for the stored rows of a symbol to become those of a fold. */
export async function differencesOf(
  unit: Unit,
  accountId: string,
  symbol: string,
  rows: TradeChanges,
): Promise<Differences> {
  const stored = <Row extends object>(table: Table<Row>): Promise<Row[]> =>
    table.select(unit.tx, 'account_id = $1 AND symbol = $2', [accountId, symbol]);
  const changes = new TradeChanges();
  // Fees and funding of the account may name a symbol too; no trade made them, and no fold of trades may remove them.
  const bookings = (await stored(BOOKINGS)).filter((booking) => booking.tradeId !== '');
  compare(await stored(TRADES), rows.trades, changes.trades);
  compare(bookings, rows.bookings, changes.bookings);
  compare(await stored(DISCREPANCIES), rows.discrepancies, changes.discrepancies);
  compare(await stored(UNMATCHED), rows.unmatched, changes.unmatched);
  const folded = [...rows.bookings].map(({ after }) => after!);
  return { changes, realizedBefore: realizedOf(bookings), realizedAfter: realizedOf(folded) };
}

function realizedOf(bookings: readonly Booking[]): Decimal {
  return Decimal.sum(bookings.map(({ amount }) => amount ?? Decimal.ZERO));
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

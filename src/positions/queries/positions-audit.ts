import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import type { Transaction } from '../../database/database.js';
import type { Table } from '../../database/table.js';
import type { Auditor, ExpectedRows, SymbolPart } from '../../ledger/audit.js';
import { Auditors } from '../../ledger/audit.js';
import type { Side } from '../../ledger/facts.js';
import type { AuditedTable } from '../../shared/row-pairs.js';
import { pairRows } from '../../shared/row-pairs.js';
import type { ChangeSet } from '../domain/changes.js';
import type { SymbolBook } from '../domain/symbol-book.js';
import type { PositionRow, SymbolBookRow } from '../positions-tables.js';
import { BOOKINGS, DISCREPANCIES, POSITIONS, SYMBOL_BOOKS, TRADES, UNMATCHED } from '../positions-tables.js';
import { foldEntries } from '../symbol-fold.js';

const SIDES: readonly Side[] = ['LONG', 'SHORT'];

/** Holds what is kept of each symbol against the fold of its facts. */
@Injectable()
export class PositionsAudit implements Auditor {
  readonly tables = [TRADES, BOOKINGS, DISCREPANCIES, UNMATCHED, POSITIONS, SYMBOL_BOOKS].map(
    (table) => table.name,
  );

  constructor(
    auditors: Auditors,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    auditors.register(this);
  }

  async symbols(tx: Pick<Transaction, 'query'>, accountId: string): Promise<string[]> {
    const named = this.tables
      .map((table) => `SELECT symbol FROM ${table} WHERE account_id = $1`)
      .join(' UNION ');
    const rows = await tx.query<{ symbol: string }>(
      `SELECT symbol FROM (${named}) AS named WHERE symbol IS NOT NULL`,
      [accountId],
    );
    return rows.map(({ symbol }) => symbol);
  }

  async ofSymbol(part: SymbolPart): Promise<AuditedTable[]> {
    const { tx, accountId, symbol, entries } = part;
    const { book, changes } = await foldEntries(tx, accountId, symbol, entries, this.config);
    const compare = <Row extends object>(table: Table<Row>, rows: ChangeSet<Row>, condition?: string) =>
      part.compare({ table, keyOf: rows.keyOf, rows: afterAll(rows), ...(condition && { condition }) });
    return [
      await compare(TRADES, changes.trades),
      // Fees and funding of the account may name a symbol too; they are no matter of trades.
      await compare(BOOKINGS, changes.bookings, `trade_id <> ''`),
      await compare(DISCREPANCIES, changes.discrepancies),
      await compare(UNMATCHED, changes.unmatched),
      await part.compare(positions(symbol, book)),
      await part.compare(symbolBooks(symbol, book)),
    ];
  }

  /** Rows without a symbol, of which there are none. */
  async ofAccount({ tx, accountId }: Pick<SymbolPart, 'tx' | 'accountId'>): Promise<AuditedTable[]> {
    const stored = await DISCREPANCIES.select(tx, 'account_id = $1 AND symbol IS NULL', [accountId]);
    const keyOf = ({ version, tradeId, kind }: (typeof stored)[number]) => `${version}/${tradeId}/${kind}`;
    return [pairRows(DISCREPANCIES.name, keyOf, stored, [])];
  }
}

function afterAll<Row extends object>(rows: ChangeSet<Row>): Row[] {
  return [...rows].flatMap(({ after }) => (after ? [after] : []));
}

/** Where the price of an open trade is not known, the recorded mark that stands in for it is in the cost, stored and folded. */
function positions(symbol: string, book: SymbolBook): ExpectedRows<PositionRow> {
  const rows = SIDES.flatMap((side) => {
    const { quantity, costBasis, trades: openTrades } = book.holding(side);
    return openTrades === 0 ? [] : [{ symbol, side, quantity, costBasis, openTrades }];
  });
  return { table: POSITIONS, rows, keyOf: (row) => `${row.symbol}/${row.side}` };
}

/** A row that says nothing is as good as none. */
function symbolBooks(symbol: string, book: SymbolBook): ExpectedRows<SymbolBookRow> {
  const { lastAt, lastUnnamedAt, lastFillId, lastLevelAt, awaited } = book;
  const saysSomething = [lastAt, lastUnnamedAt, lastFillId, lastLevelAt, awaited].some(
    (value) => value !== null,
  );
  const rows = saysSomething ? [{ symbol, lastAt, lastUnnamedAt, lastFillId, lastLevelAt, awaited }] : [];
  const condition = 'num_nonnulls(last_at, last_unnamed_at, last_fill_id, last_level_at, awaited) > 0';
  return { table: SYMBOL_BOOKS, rows, keyOf: (row) => row.symbol, condition };
}

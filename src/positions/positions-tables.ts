import { Table } from '../database/table.js';
import type { Booking, Discrepancy, UnmatchedClose } from './domain/changes.js';
import type { Trade } from './domain/trade.js';
import type { Side } from '../ledger/facts.js';
import type { Decimal } from '../shared/decimal.js';

export const TRADES = new Table<Trade>({
  name: 'trades',
  key: ['symbol', 'trade_id'],
  columns: {
    trade_id: 'text',
    symbol: 'text',
    side: 'text',
    status: 'text',
    quantity: 'decimal',
    remaining: 'decimal',
    cost_basis: 'decimal',
    entry_price: 'decimal',
    entry_from: 'text',
    exit_price: 'decimal',
    exit_notional: 'decimal',
    opened_at: 'micros',
    opened_version: 'integer',
    closed_at: 'micros',
    leverage: 'decimal',
    stop_loss: 'decimal',
    take_profit: 'decimal',
    fee: 'decimal',
    fee_attributed: 'decimal',
    category: 'text',
    model: 'text',
    close_reason: 'text',
    realized_pnl: 'decimal',
    reported_pnl: 'decimal',
    claimed_pnl: 'decimal',
    pnl_unknown: 'flag',
    last_close_at: 'micros',
    last_close_key: 'text',
    closes: 'integer',
  },
});

export const BOOKINGS = new Table<Booking>({
  name: 'bookings',
  key: ['version', 'trade_id'],
  columns: {
    version: 'integer',
    trade_id: 'text',
    kind: 'text',
    symbol: 'text',
    occurred_at: 'micros',
    quantity: 'decimal',
    quantity_derived: 'flag',
    entry_price: 'decimal',
    exit_price: 'decimal',
    fee: 'decimal',
    opening_fee: 'decimal',
    reported: 'decimal',
    computed: 'decimal',
    amount: 'decimal',
  },
});

export const DISCREPANCIES = new Table<Discrepancy>({
  name: 'discrepancies',
  key: ['version', 'trade_id', 'kind'],
  columns: {
    version: 'integer',
    trade_id: 'text',
    kind: 'text',
    symbol: 'text',
    reported: 'decimal',
    computed: 'decimal',
    size: 'decimal',
    occurred_at: 'micros',
  },
});

export const UNMATCHED = new Table<UnmatchedClose>({
  name: 'unmatched_closes',
  key: ['version'],
  columns: {
    version: 'integer',
    symbol: 'text',
    trade_id: 'text',
    side: 'text',
    occurred_at: 'micros',
    received_at: 'micros',
    booked: 'flag',
  },
});

/** What is held in one symbol on one side, as the database says it: an average price is cost basis ÷ quantity. */
export interface PositionRow {
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: Decimal;
  readonly costBasis: Decimal;
  readonly openTrades: number;
}

export const POSITIONS = new Table<PositionRow>({
  name: 'positions',
  key: ['symbol', 'side'],
  columns: {
    symbol: 'text',
    side: 'text',
    quantity: 'decimal',
    cost_basis: 'decimal',
    open_trades: 'integer',
  },
});

/** Up to when a symbol was folded; see SymbolBook. */
export interface SymbolBookRow {
  readonly symbol: string;
  readonly lastAt: number | null;
  readonly lastUnnamedAt: number | null;
  readonly lastLevelAt: number | null;
  readonly lastFillId: string | null;
  readonly awaited: string | null;
}

export const SYMBOL_BOOKS = new Table<SymbolBookRow>({
  name: 'symbol_books',
  key: ['symbol'],
  columns: {
    symbol: 'text',
    last_at: 'micros',
    last_unnamed_at: 'micros',
    last_level_at: 'micros',
    last_fill_id: 'text',
    awaited: 'text',
  },
});

/** A mark that stands in for an entry price nobody told: a record of what was seen, which a rebuild leaves. */
export interface StandInRow {
  readonly tradeId: string;
  readonly price: Decimal;
  readonly observedAt: number;
}

export const STAND_INS = new Table<StandInRow>({
  name: 'stand_in_prices',
  key: ['trade_id'],
  columns: { trade_id: 'text', price: 'decimal', observed_at: 'micros' },
});

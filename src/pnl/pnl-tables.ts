import { Table } from '../database/table.js';
import type { Decimal } from '../shared/decimal.js';
import type { Day } from '../shared/periods.js';
import type { FlowRow } from './domain/cash-flow.js';
import type { DayPnl } from './domain/realized-sums.js';

/** Sums ever, as the database says them; see RealizedSums. */
export interface TotalsRow {
  readonly netDeposits: Decimal;
  readonly depositsKnown: boolean;
  readonly realized: Decimal;
  readonly closedTrades: number;
  readonly winningTrades: number;
  readonly losingTrades: number;
  readonly grossProfit: Decimal;
  readonly grossLoss: Decimal;
  readonly unknownBookings: number;
  readonly bestTrade: Decimal | null;
  readonly worstTrade: Decimal | null;
  readonly reconciledAt: number | null;
  readonly openingAt: number | null;
}

export const TOTALS = new Table<TotalsRow>({
  name: 'pnl_totals',
  key: [],
  columns: {
    net_deposits: 'decimal',
    deposits_known: 'flag',
    realized: 'decimal',
    closed_trades: 'integer',
    winning_trades: 'integer',
    losing_trades: 'integer',
    gross_profit: 'decimal',
    gross_loss: 'decimal',
    unknown_bookings: 'integer',
    best_trade: 'decimal',
    worst_trade: 'decimal',
    reconciled_at: 'micros',
    opening_at: 'micros',
  },
});

export const DAYS = new Table<DayPnl & { readonly day: Day }>({
  name: 'pnl_days',
  key: ['day'],
  columns: { day: 'day', realized: 'decimal', closed_trades: 'integer', winning_trades: 'integer' },
});

export const FLOWS = new Table<FlowRow>({
  name: 'cash_flows',
  key: ['version'],
  columns: { version: 'integer', type: 'text', amount: 'decimal', occurred_at: 'micros' },
});

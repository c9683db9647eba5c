import type {
  LedgerEntry,
  OrderExecuted,
  PositionReconciled,
  Side,
  TradeClosed,
  TradeOpened,
} from '../../../src/ledger/facts.js';
import { keysOf } from '../../../src/ledger/identity.js';
import type { IdentifiedClose } from '../../../src/positions/domain/close-trade.js';
import { Decimal } from '../../../src/shared/decimal.js';

export const SYMBOL = 'BTCUSDT';

/** An amount in a table of a test: its text, or null for "not told". */
export type Amount = string | number | null;

/** A decimal from its text. */
export function d(text: string | number): Decimal {
  return Decimal.stored(String(text));
}

/** A decimal as text, null as null: for expectations that read like a table. */
export function text(value: Decimal | null | undefined): string | null {
  return value === null || value === undefined ? null : value.toString();
}

const amount = (value: Amount | undefined): Decimal | null =>
  value === null || value === undefined ? null : d(value);

const HEADER = { accountId: 'main', eventId: null, source: null, symbol: SYMBOL };

export interface OpenRow {
  readonly id: string;
  readonly at: number;
  readonly side?: Side;
  readonly qty: string | number;
  readonly price: Amount;
  readonly fee?: Amount;
  readonly leverage?: Amount;
  readonly stopLoss?: Amount;
  readonly takeProfit?: Amount;
  readonly category?: string | null;
  readonly model?: string | null;
}

export function opened({ id, at, side, qty, price, ...told }: OpenRow): TradeOpened {
  return {
    ...HEADER,
    kind: 'trade.opened',
    occurredAt: at,
    tradeId: id,
    side: side ?? 'LONG',
    quantity: d(qty),
    entryPrice: amount(price),
    leverage: amount(told.leverage),
    stopLoss: amount(told.stopLoss),
    takeProfit: amount(told.takeProfit),
    fee: amount(told.fee),
    category: told.category ?? null,
    model: told.model ?? null,
  };
}

export interface CloseRow {
  /** Left out = the close names no trade. */
  readonly id?: string | null;
  readonly at: number;
  readonly side?: Side | null;
  readonly qty?: Amount;
  readonly entry?: Amount;
  readonly exit?: Amount;
  readonly pnl?: Amount;
  readonly fee?: Amount;
  readonly order?: string | null;
  readonly reason?: string | null;
  readonly leverage?: Amount;
  readonly model?: string | null;
}

export function closed({ id, at, side, ...told }: CloseRow): TradeClosed {
  return {
    ...HEADER,
    kind: 'trade.closed',
    occurredAt: at,
    tradeId: id ?? null,
    side: side === undefined ? 'LONG' : side,
    entryPrice: amount(told.entry),
    exitPrice: amount(told.exit),
    quantity: amount(told.qty),
    reportedPnl: amount(told.pnl),
    reportedPnlPct: null,
    fee: amount(told.fee),
    orderId: told.order ?? null,
    leverage: amount(told.leverage),
    reason: told.reason ?? null,
    model: told.model ?? null,
  };
}

export interface ExecutionRow {
  readonly at: number;
  readonly order?: string | null;
  readonly trade?: string | null;
  readonly price: Amount;
  readonly executed?: boolean;
}

export function executed({ at, order, trade, price, executed: done = true }: ExecutionRow): OrderExecuted {
  return {
    ...HEADER,
    kind: 'order.executed',
    occurredAt: at,
    orderId: order ?? null,
    executionId: null,
    tradeId: trade ?? null,
    quantity: null,
    side: null,
    price: amount(price),
    fee: null,
    feeCurrency: null,
    leverage: null,
    executed: done,
    status: done ? 'FILLED' : 'REJECTED',
    reduceOnly: null,
  };
}

export interface LevelRow {
  readonly at: number;
  /** Quantity and entry price of a side; left out = nothing is said of it. */
  readonly long?: readonly [quantity: Amount, entry: Amount];
  readonly short?: readonly [quantity: Amount, entry: Amount];
}

/** What the exchange says it holds. */
export function holding({ at, long, short }: LevelRow): PositionReconciled {
  return {
    ...HEADER,
    kind: 'position.reconciliation',
    occurredAt: at,
    longQuantity: amount(long?.[0]),
    longEntryPrice: amount(long?.[1]),
    shortQuantity: amount(short?.[0]),
    shortEntryPrice: amount(short?.[1]),
    leverage: null,
    bookedLong: d(0),
    bookedShort: d(0),
    opening: false,
  };
}

export type TradeFact = TradeOpened | TradeClosed | OrderExecuted | PositionReconciled;

/** A fact with its place in the ledger. */
export function entryOf<F extends TradeFact>(
  fact: F,
  version: number,
  role: LedgerEntry['role'] = 'fact',
): LedgerEntry<F> {
  return { version, role, receivedAt: 1_000 + version, fact };
}

/** A close with the identity that orders it among others of its moment: what it says, never when it came. */
export function identified(entry: LedgerEntry<TradeClosed>): IdentifiedClose {
  const keys = keysOf(entry.fact);
  return { ...entry, key: keys.find((key) => key.startsWith('closed:')) ?? keys[0]! };
}

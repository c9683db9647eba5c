import type { Decimal } from '../shared/decimal.js';
import type { BalanceReport, PositionReport } from './reports.js';

export type { BalanceReport, HoldingsReport, PositionReport } from './reports.js';

/** A moment in microseconds since the Unix epoch: Python producers stamp microseconds, and order depends on them. */
export type Micros = number;

export type Side = 'LONG' | 'SHORT';

/** What every fact carries. `keys` decide whether it was seen before; see `identity.ts`. */
export interface FactHeader {
  readonly accountId: string;
  /** When it happened, by the producer's clock. */
  readonly occurredAt: Micros;
  /** The producer's own id of the event, null when it has none. */
  readonly eventId: string | null;
  /** Who says it, null when the message does not tell. */
  readonly source: string | null;
  /** Where `occurredAt` comes from; absent = the payload itself. See `TimeOrigin`. */
  readonly timeFrom?: TimeOrigin;
}

/**
 * Where a fact's time was read: in its payload (the default, never written), in the envelope around it, or nowhere, so
 * that its arrival stands in. Only the payload's own time is content: a resend gets a new envelope and a new arrival.
 */
export type TimeOrigin = 'envelope' | 'arrival';

/** A trade was opened. Quantity is the full base size, > 0. */
export interface TradeOpened extends FactHeader {
  readonly kind: 'trade.opened';
  readonly tradeId: string;
  readonly symbol: string;
  readonly side: Side;
  /** Quote per base; null = market order, price not known yet (0.0 on the wire). */
  readonly entryPrice: Decimal | null;
  readonly quantity: Decimal;
  readonly leverage: Decimal | null;
  readonly stopLoss: Decimal | null;
  readonly takeProfit: Decimal | null;
  /** Opening fee in quote, ≥ 0; null = not told. */
  readonly fee: Decimal | null;
  readonly category: string | null;
  /** The strategy or model that opened it. */
  readonly model: string | null;
}

/** A trade, or a part of one, was closed. */
export interface TradeClosed extends FactHeader {
  readonly kind: 'trade.closed';
  /** null = not named: it takes the open trades of its symbol and side, oldest first. */
  readonly tradeId: string | null;
  readonly symbol: string;
  /** The side of the position that is closed (an order's SELL is already LONG here); null = not told. */
  readonly side: Side | null;
  readonly entryPrice: Decimal | null;
  readonly exitPrice: Decimal | null;
  /** As given, > 0; null = not given (then derived or all that is open; see positions/domain). */
  readonly quantity: Decimal | null;
  /** Net realized PnL in quote as the producer reports it; null = unknown, which includes 0.0 next to a non-zero percent. */
  readonly reportedPnl: Decimal | null;
  readonly reportedPnlPct: Decimal | null;
  /** Cost of closing in quote, ≥ 0 (below zero only when funding that was received outweighs it); null = not told. */
  readonly fee: Decimal | null;
  readonly orderId: string | null;
  readonly leverage: Decimal | null;
  readonly reason: string | null;
  readonly model: string | null;
  /** The producer's PnL of the whole trade by a rule that is not ours (leverage multiplies it): shown and compared, never booked. */
  readonly claimedPnl?: Decimal | null;
  /** True = it tells the end of the named trade: it closes what is left then, and any further close of the trade is a repeat. */
  readonly whole?: boolean | null;
}

/** An order was executed (order.executed, execution.result, apply.result). Moves positions only when fills are the source. */
export interface OrderExecuted extends FactHeader {
  readonly kind: 'order.executed';
  /** null only when it was not executed (a rejection has no order of its own). */
  readonly orderId: string | null;
  readonly executionId: string | null;
  readonly tradeId: string | null;
  readonly symbol: string;
  /** Signed: + buys, − sells; null = size not told. */
  readonly quantity: Decimal | null;
  readonly side: 'BUY' | 'SELL' | null;
  /** null = unknown (0.0 on the wire). */
  readonly price: Decimal | null;
  readonly fee: Decimal | null;
  /** null = the quote currency. */
  readonly feeCurrency: string | null;
  readonly leverage: Decimal | null;
  /** False for rejected, blocked, skipped or merely planned orders: they are recorded and move nothing. */
  readonly executed: boolean;
  /** The producer's own word, upper case. */
  readonly status: string;
  readonly reduceOnly: boolean | null;
}

export type CashFlowType = 'DEPOSIT' | 'WITHDRAWAL' | 'FEE' | 'FUNDING';

/** Money moved. Amount > 0 for all but FUNDING, which is signed: + received, − paid. */
export interface CashFlow extends FactHeader {
  readonly kind: 'account.cash_flow';
  readonly type: CashFlowType;
  readonly amount: Decimal;
  readonly currency: string | null;
  /** The symbol a fee or a funding payment belongs to, when told. */
  readonly symbol: string | null;
}

/** The emergency stop of the risk service tripped. Percent values are percent, positive = loss. */
export interface EmergencyStopTripped extends FactHeader {
  readonly kind: 'ess.tripped';
  readonly reason: string;
  readonly severity: string;
  readonly dailyDrawdownPct: Decimal | null;
  readonly openLossPct: Decimal | null;
  readonly currentDrawdownPct: Decimal | null;
}

/**
 * An earlier fact was wrong: it is void, or another takes its place. Both stay in the ledger; positions and PnL of the symbol are
 * restated as if the wrong one had never been.
 */
export interface TradeCorrected extends FactHeader {
  readonly kind: 'trade.corrected';
  readonly symbol: string;
  /** A key of the corrected fact (see identity.ts), or `version:<its version>`. */
  readonly corrects: string;
  /** The fact that takes its place, as the ledger encodes it; null = void. */
  readonly replacement: string | null;
  readonly reason: string | null;
}

/**
 * The wallet as booked against what the exchange reports: born here, never on the wire. `difference` = reported −
 * booked. The first report of an account is its opening deposit (a flow), every later one performance.
 */
export interface WalletReconciled extends FactHeader {
  readonly kind: 'account.reconciliation';
  readonly booked: Decimal;
  readonly reported: Decimal;
  readonly difference: Decimal;
  readonly opening: boolean;
}

/**
 * What the exchange holds in a symbol at a moment, adopted because ours differed: born here, never on the wire. A level inside the
 * symbol's fold: what is held at that moment becomes this, whatever comes late. Sizes are base, ≥ 0; null = nothing is said of that
 * side, or its entry price was not told.
 */
export interface PositionReconciled extends FactHeader {
  readonly kind: 'position.reconciliation';
  readonly symbol: string;
  readonly longQuantity: Decimal | null;
  readonly longEntryPrice: Decimal | null;
  readonly shortQuantity: Decimal | null;
  readonly shortEntryPrice: Decimal | null;
  readonly leverage: Decimal | null;
  /** What we held at that moment, as it was known when the report came. */
  readonly bookedLong: Decimal;
  readonly bookedShort: Decimal;
  /** True when nobody but the exchange ever told of the account's positions: what they have on paper was there from the beginning. */
  readonly opening: boolean;
}

export type Fact =
  | TradeOpened
  | TradeClosed
  | OrderExecuted
  | TradeCorrected
  | CashFlow
  | EmergencyStopTripped
  | WalletReconciled
  | PositionReconciled;

/** A fact with its place in the ledger. A supplement only adds what its first fact left open. */
export interface LedgerEntry<F extends Fact = Fact> {
  readonly version: number;
  readonly role: 'fact' | 'supplement';
  readonly receivedAt: Micros;
  readonly fact: F;
}

/** Where a price came from; `PORTFOLIO_MARK_SOURCES` ranks them. */
export type MarkSource =
  | 'mark_price'
  | 'position.snapshot'
  | 'market.tick'
  | 'market.klines'
  | 'exchange.normalized'
  | 'exchange.raw';

/** A price of a symbol at a moment: a level, only the newest counts. Price > 0, quote per base. */
export interface MarkObserved {
  readonly kind: 'mark';
  readonly symbol: string;
  readonly price: Decimal;
  readonly at: Micros;
  readonly source: MarkSource;
}

/** A policy changed: what depends on it is to be read again. */
export interface PolicyUpdated {
  readonly kind: 'policy.updated';
  readonly key: string | null;
  readonly value: string | null;
  readonly version: string | null;
  readonly occurredAt: Micros;
}

/** A message that is understood and has, by its own words, no effect here; `reason` is stable and counted. */
export interface Ignored {
  readonly kind: 'ignored';
  readonly reason: 'marker' | 'paper_trade' | 'not_an_execution' | 'open_candle' | 'not_a_price';
}

/** Everything a decoded message can be. */
export type Inbound = Fact | BalanceReport | PositionReport | MarkObserved | PolicyUpdated | Ignored;

/** A message that can never succeed. `code` is stable; `message` names the field and what was wrong with it. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

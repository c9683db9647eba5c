import type { Side } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import type { Booking } from './changes.js';
import { feeOf } from './fill-fee.js';
import type { IdentifiedFill } from './fold-fills.js';
import type { FillEffect } from './net-position.js';
import type { Trade } from './trade.js';
import { NO_TRADE_YET } from './trade.js';

/** What a fill made of a cycle, and what it realized; null = nothing. */
export interface CycleStep<Realized> {
  readonly trade: Trade;
  readonly booking: Realized;
}

/** The empty cycle that a fill opens: from flat to flat again, it is one trade, named by its first fill. */
export function openedBy({ fact, fillId, version }: IdentifiedFill, side: Side): Trade {
  return {
    ...NO_TRADE_YET,
    tradeId: `fill:${fillId}`,
    symbol: fact.symbol,
    side,
    status: 'OPEN',
    quantity: Decimal.ZERO,
    remaining: Decimal.ZERO,
    costBasis: Decimal.ZERO,
    entryPrice: null,
    entryFrom: null,
    openedAt: fact.occurredAt,
    openedVersion: version,
    leverage: fact.leverage,
    stopLoss: null,
    takeProfit: null,
    fee: null,
    category: null,
    model: null,
    realizedPnl: Decimal.ZERO,
  };
}

/** The cycle with what the fill opened in it, at the new average; its fee is realized at once. */
export function afterOpening(
  cycle: Trade,
  { opened, openedValue }: FillEffect,
  fill: IdentifiedFill,
  fee: Decimal,
): CycleStep<Booking | null> {
  const remaining = cycle.remaining.plus(opened.abs());
  const costBasis = cycle.costBasis!.plus(openedValue.abs());
  const trade: Trade = {
    ...cycle,
    quantity: cycle.quantity!.plus(opened.abs()),
    remaining,
    costBasis,
    entryPrice: costBasis.dividedBy(remaining),
    entryFrom: 'execution',
    leverage: fill.fact.leverage ?? cycle.leverage,
    fee: fee.isZero() ? cycle.fee : (cycle.fee ?? Decimal.ZERO).plus(fee),
    realizedPnl: cycle.realizedPnl.minus(fee),
  };
  if (fee.isZero()) return { trade, booking: null };
  const booking = bookingOf(cycle, fill, opened.abs(), fee, 'opening_fee', fee.negated());
  return { trade, booking: { ...booking, entryPrice: fill.fact.price } };
}

/** The cycle with what the fill closed taken out; the average of the rest stays, a flat cycle costs exactly nothing. */
export function afterClosing(
  cycle: Trade,
  { closed, closedValue, realized }: FillEffect,
  fill: IdentifiedFill,
  fee: Decimal,
): CycleStep<Booking> {
  const quantity = closed.abs();
  const remaining = cycle.remaining.minus(quantity);
  const costRemoved = closedValue.minus(realized).abs();
  const amount = realized.minus(fee);
  const exitNotional = cycle.exitNotional.plus(closedValue.abs());
  const flat = remaining.isZero();
  const trade: Trade = {
    ...cycle,
    remaining,
    costBasis: cycle.costBasis!.minus(costRemoved),
    status: flat ? 'CLOSED' : 'OPEN',
    exitNotional,
    // A part that a statement of the exchange closed has no price, and so the whole has none.
    exitPrice:
      cycle.closes > 0 && cycle.exitPrice === null
        ? null
        : exitNotional.dividedBy(cycle.quantity!.minus(remaining)),
    closedAt: flat ? fill.fact.occurredAt : null,
    realizedPnl: cycle.realizedPnl.plus(amount),
    lastCloseAt: fill.fact.occurredAt,
    lastCloseKey: fill.fillId,
    closes: cycle.closes + 1,
  };
  const booking = bookingOf(cycle, fill, quantity, fee, 'close', amount);
  return { trade, booking: { ...booking, entryPrice: cycle.entryPrice, exitPrice: fill.fact.price } };
}

function bookingOf(
  { tradeId, symbol }: Trade,
  { version, fact }: IdentifiedFill,
  quantity: Decimal,
  fee: Decimal,
  kind: Booking['kind'],
  amount: Decimal,
): Booking {
  return {
    version,
    tradeId,
    kind,
    symbol,
    occurredAt: fact.occurredAt,
    quantity,
    quantityDerived: false,
    entryPrice: null,
    exitPrice: null,
    // What a fee in a third asset cost in quote nobody knows; it is not zero.
    fee: feeOf(fact)?.paidIn === 'other' ? null : fee,
    openingFee: null,
    reported: null,
    computed: amount,
    amount,
  };
}

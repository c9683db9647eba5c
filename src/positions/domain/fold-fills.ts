import type { LedgerEntry, OrderExecuted, PositionReconciled, Side } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import type { Work } from '../../shared/turns.js';
import { atOnce, sorted } from '../../shared/turns.js';
import { applyLevel } from './apply-level.js';
import type { DiscrepancyKind } from './changes.js';
import { TradeChanges } from './changes.js';
import type { Folded } from './fold-trades.js';
import type { FillFee } from './net-position-fees.js';
import { feeValue, heldFill, splitFee } from './net-position-fees.js';
import { LINEAR } from './net-position-contract.js';
import { compareIds } from './net-position-order.js';
import type { FillEffect, NetFill, NetPosition } from './net-position.js';
import { FLAT, applyFill } from './net-position.js';
import { afterClosing, afterOpening, openedBy } from './fill-cycle.js';
import { feeOf } from './fill-fee.js';
import { SymbolBook } from './symbol-book.js';
import { withoutRepeatedOrders } from './told-orders.js';
import type { Trade } from './trade.js';

/** netting: one position a symbol, a fill against it reduces or reverses. hedge: only reduce-only fills reduce. */
export type PositionMode = 'netting' | 'hedge';

/** An execution that moves positions, with the venue's id that orders it among fills of one microsecond. */
export interface IdentifiedFill extends LedgerEntry<OrderExecuted> {
  readonly fillId: string;
}

/** The venue's id of a fill. */
export function fillIdOf({ orderId, executionId }: OrderExecuted): string {
  return [orderId, executionId].filter((part) => part !== null).join('/');
}

/**
 * The state of a symbol as a function of the set of its fills, in the venue's order: by time, then by id; and of what the exchange said
 * it holds, after the fills of that moment. An order that is told both as a whole and fill by fill counts once.
 */
export function foldFills(
  symbol: string,
  fills: readonly IdentifiedFill[],
  mode: PositionMode,
  levels: readonly LedgerEntry<PositionReconciled>[] = [],
): Folded {
  return atOnce(fillsFold(symbol, fills, mode, levels));
}

/** The same, to be left after each fill: a symbol may have hundreds of thousands. */
export function* fillsFold(
  symbol: string,
  fills: readonly IdentifiedFill[],
  mode: PositionMode,
  levels: readonly LedgerEntry<PositionReconciled>[],
): Work<Folded> {
  const book = new SymbolBook(symbol);
  const changes = new TradeChanges();
  const inOrder = yield* sorted(fills, (a, b) =>
    comparePlaces(a.fact.occurredAt, a.fillId, b.fact.occurredAt, b.fillId),
  );
  const once = withoutRepeatedOrders(inOrder);
  const waiting = [...levels].sort((a, b) => a.fact.occurredAt - b.fact.occurredAt);
  for (const fill of once.fills) {
    while (waiting[0] && waiting[0].fact.occurredAt < fill.fact.occurredAt)
      applyLevel(book, waiting.shift()!, changes);
    foldFill(book, fill, mode, changes);
    yield;
  }
  for (const level of waiting) applyLevel(book, level, changes);
  for (const { fill, size } of once.beyond) list(changes, fill, 'order_exceeds_fills', size);
  return { book, changes };
}

/** Whether a fill can simply be added: it is the latest of its symbol. */
export function fillsInOrder(book: SymbolBook, { fact, fillId }: IdentifiedFill): boolean {
  if (!book.isAfterLevels(fact.occurredAt)) return false;
  if (book.lastFillId === null) return true;
  return comparePlaces(fact.occurredAt, fillId, book.lastAt!, book.lastFillId) > 0;
}

/** Folds one fill: extends, reduces, closes or (netting) reverses, at average cost. Fees are expensed when filled. */
export function foldFill(
  book: SymbolBook,
  fill: IdentifiedFill,
  mode: PositionMode,
  changes: TradeChanges,
): void {
  const { fact, fillId } = fill;
  [book.lastAt, book.lastFillId] = [fact.occurredAt, fillId];
  const fee = feeOf(fact);
  if (fee?.paidIn === 'other') list(changes, fill, 'fee_unconverted', fee.amount);
  if (!fact.price || !fact.quantity) {
    list(changes, fill, 'fill_unpriced', fact.quantity);
    return bookLoneFee(fill, fee, changes);
  }
  const held = heldFill({ quantity: fact.quantity, price: fact.price }, fee);
  const cycle = cycleFor(book, fact, mode);
  const allowed = mode === 'hedge' ? withinHedge(held, fact, cycle) : held;
  if (!allowed.quantity.equals(held.quantity)) {
    list(changes, fill, 'over_close', held.quantity.minus(allowed.quantity).abs());
  }
  if (allowed.quantity.isZero()) return bookLoneFee(fill, fee, changes);
  const effect = applyFill(positionOf(cycle), allowed);
  const fees = splitFee(feeValue(fee, fee?.amount ?? Decimal.ZERO, fact.price, LINEAR), effect);
  put(book, cycle, effect, fill, fees, changes);
}

/** A fill that moved no position has cost its fee all the same, as far as that is money without a price. */
function bookLoneFee(
  { version, fact, fillId }: IdentifiedFill,
  fee: FillFee | null,
  changes: TradeChanges,
): void {
  if (fee?.paidIn !== 'settlement') return;
  changes.bookings.replace(null, {
    version,
    tradeId: `fill:${fillId}`,
    kind: 'fee',
    symbol: fact.symbol,
    occurredAt: fact.occurredAt,
    quantity: null,
    quantityDerived: false,
    entryPrice: null,
    exitPrice: null,
    fee: fee.amount,
    openingFee: null,
    reported: null,
    computed: fee.amount.negated(),
    amount: fee.amount.negated(),
  });
}

function put(
  book: SymbolBook,
  cycle: Trade | null,
  effect: FillEffect,
  fill: IdentifiedFill,
  fees: { readonly closing: Decimal; readonly opening: Decimal },
  changes: TradeChanges,
): void {
  let open = cycle;
  if (cycle && !effect.closed.isZero()) {
    const { trade, booking } = afterClosing(cycle, effect, fill, fees.closing);
    changes.bookings.replace(null, booking);
    changes.trades.replace(cycle, trade);
    book.put(trade);
    // What the fill opens beyond that is a cycle of its own: a reversal closes all that was held.
    open = null;
  }
  if (effect.opened.isZero()) return;
  const before = open;
  const { trade, booking } = afterOpening(
    open ?? openedBy(fill, sideOfQuantity(effect.opened)),
    effect,
    fill,
    fees.opening,
  );
  changes.bookings.replace(null, booking);
  changes.trades.replace(before, trade);
  book.put(trade);
}

/** The open cycle a fill belongs to: netting has one, hedging one a side, and only a reduce-only fill goes to the other side's. */
function cycleFor(book: SymbolBook, fact: OrderExecuted, mode: PositionMode): Trade | null {
  const open = [...book.open.values()];
  if (mode === 'netting') return open[0] ?? null;
  const side = hedgedSide(fact);
  return open.find((trade) => trade.side === side) ?? null;
}

function hedgedSide({ quantity, reduceOnly }: OrderExecuted): Side {
  const buys = quantity!.isPositive();
  return buys === (reduceOnly === true) ? 'SHORT' : 'LONG';
}

/** In hedge mode a reduce-only fill closes at most what is open: it never reverses. */
function withinHedge(fill: NetFill, fact: OrderExecuted, cycle: Trade | null): NetFill {
  if (fact.reduceOnly !== true) return fill;
  const open = cycle?.remaining ?? Decimal.ZERO;
  const closing = Decimal.min(open, fill.quantity.abs());
  return { ...fill, quantity: fill.quantity.isNegative() ? closing.negated() : closing };
}

function positionOf(cycle: Trade | null): NetPosition {
  if (!cycle) return FLAT;
  const short = cycle.side === 'SHORT';
  const cost = cycle.costBasis!;
  return {
    quantity: short ? cycle.remaining.negated() : cycle.remaining,
    costBasis: short ? cost.negated() : cost,
  };
}

const sideOfQuantity = (quantity: Decimal): Side => (quantity.isPositive() ? 'LONG' : 'SHORT');

function comparePlaces(leftAt: number, leftId: string, rightAt: number, rightId: string): number {
  return leftAt === rightAt ? compareIds(leftId, rightId) : leftAt - rightAt;
}

function list(
  changes: TradeChanges,
  fill: IdentifiedFill,
  kind: DiscrepancyKind,
  size: Decimal | null,
): void {
  const { version, fact, fillId } = fill;
  changes.discrepancies.replace(null, {
    version,
    tradeId: fillId,
    kind,
    symbol: fact.symbol,
    reported: null,
    computed: null,
    size: size ? size.abs() : null,
    occurredAt: fact.occurredAt,
  });
}

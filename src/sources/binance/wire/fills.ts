import type { OrderExecuted } from '../../../ledger/facts.js';
import { Decimal } from '../../../shared/decimal.js';
import { MICROS_PER_MS } from '../../../shared/periods.js';
import type { Json } from '../../../transport/wire/json.js';
import { Trouble } from '../trouble.js';
import type { Body } from './reading.js';
import { decimalIn, listOf, momentIn, objectOf, symbolIn, textIn } from './reading.js';

/** What both doors tell of a fill, so that it is one fact with one content whichever of them told it first. */
interface Told {
  readonly orderId: string;
  readonly executionId: string;
  readonly symbol: string;
  readonly side: string;
  readonly positionSide: string;
  readonly size: Decimal;
  readonly price: Decimal;
  readonly commission: Decimal;
  readonly commissionAsset: string | null;
  readonly atMs: number;
}

/** The fills of `GET /fapi/v1/userTrades`. Throws Trouble `bad_answer`. */
export function fillsOfHistory(json: Json, accountId: string): OrderExecuted[] {
  return listOf(json, 'the trades').map((value) => {
    const row = objectOf(value, 'a trade');
    return fillOf(accountId, {
      orderId: idIn(row, 'orderId'),
      executionId: idIn(row, 'id'),
      symbol: symbolIn(row, 'symbol'),
      side: textIn(row, 'side'),
      positionSide: textIn(row, 'positionSide'),
      size: decimalIn(row, 'qty'),
      price: decimalIn(row, 'price'),
      commission: decimalIn(row, 'commission'),
      commissionAsset: textIn(row, 'commissionAsset'),
      atMs: momentIn(row, 'time'),
    });
  });
}

/**
 * The fill that an ORDER_TRADE_UPDATE tells of; null = the order changed without one. A message without a commission cost none.
 * Throws Trouble `bad_answer`.
 */
export function fillOfUpdate(event: Body, accountId: string): OrderExecuted | null {
  const order = objectOf(event.get('o'), 'the order');
  if (order.get('t') === undefined || textIn(order, 't') === '0') return null;
  const size = decimalIn(order, 'l');
  if (size.isZero()) return null;
  const charged = typeof order.get('n') === 'string';
  return fillOf(accountId, {
    orderId: idIn(order, 'i'),
    executionId: idIn(order, 't'),
    symbol: symbolIn(order, 's'),
    side: textIn(order, 'S'),
    positionSide: textIn(order, 'ps'),
    size,
    price: decimalIn(order, 'L'),
    commission: charged ? decimalIn(order, 'n') : Decimal.ZERO,
    commissionAsset: charged ? textIn(order, 'N') : null,
    atMs: momentIn(order, 'T'),
  });
}

/**
 * In one-way mode history does not say whether an order was reduce-only, and it decides nothing there: both doors leave it open. In hedge
 * mode the side of the position says it.
 */
function fillOf(accountId: string, told: Told): OrderExecuted {
  const buys = told.side === 'BUY';
  if (!buys && told.side !== 'SELL') throw new Trouble('bad_answer', 'side is neither BUY nor SELL');
  const free = told.commission.isZero();
  return {
    kind: 'order.executed',
    accountId,
    occurredAt: told.atMs * MICROS_PER_MS,
    eventId: null,
    source: 'binance',
    orderId: told.orderId,
    executionId: told.executionId,
    tradeId: null,
    symbol: told.symbol,
    quantity: buys ? told.size : told.size.negated(),
    side: buys ? 'BUY' : 'SELL',
    price: told.price,
    fee: told.commission,
    feeCurrency: free ? null : told.commissionAsset,
    leverage: null,
    executed: true,
    status: 'TRADE',
    reduceOnly: told.positionSide === 'BOTH' ? null : buys === (told.positionSide === 'SHORT'),
  };
}

function idIn(row: Body, name: string): string {
  const id = textIn(row, name);
  if (!/^\d{1,24}$/.test(id)) throw new Trouble('bad_answer', `${name} is not an id`);
  return id;
}

import type { Decimal } from '../../../src/shared/decimal.js';
import { amount } from './bodies.js';
import type { Value } from './json.js';
import type { ExchangeLedger, IncomeRow, Trade } from './ledger.js';

/** ORDER_TRADE_UPDATE of a fill. A commission of nothing is not mentioned, as on the live exchange. */
export function tradeMessage(trade: Trade, now: number): Value {
  const { id, orderId, symbol, side, qty, price, fee, feeAsset, realized, at } = trade;
  return {
    ...{ e: 'ORDER_TRADE_UPDATE', E: now, T: at },
    o: {
      ...{
        s: symbol,
        c: `web_${orderId}`,
        S: side,
        o: 'MARKET',
        f: 'GTC',
        q: qty.toString(),
        p: '0',
        ap: price.toString(),
      },
      ...{
        sp: '0',
        x: 'TRADE',
        X: 'FILLED',
        i: orderId,
        l: qty.toString(),
        z: qty.toString(),
        L: price.toString(),
      },
      ...(fee.isZero() ? {} : { n: amount(fee), N: feeAsset }),
      ...{
        T: at,
        t: id,
        b: '0',
        a: '0',
        m: false,
        R: realized.isPositive(),
        wt: 'CONTRACT_PRICE',
        ot: 'MARKET',
      },
      ...{
        ps: 'BOTH',
        cp: false,
        rp: amount(realized),
        pP: false,
        si: 0,
        ss: 0,
        V: 'NONE',
        pm: 'NONE',
        gtd: 0,
      },
    },
  };
}

/** ACCOUNT_UPDATE after a fill: PnL and commission are not in its balance change. */
export function filledMessage(ledger: ExchangeLedger, { symbol, at }: Trade, now: number): Value {
  const { quantity, cost } = ledger.held(symbol);
  const entry = quantity.isZero() ? '0' : cost.dividedBy(quantity).toString();
  const position = {
    s: symbol,
    pa: quantity.toString(),
    ep: entry,
    bep: entry,
    cr: '0',
    up: '0',
    mt: 'cross',
    iw: '0',
    ps: 'BOTH',
  };
  return accountMessage(ledger, 'ORDER', '0', at, now, [position]);
}

/** ACCOUNT_UPDATE after money moved: how much, and no id of it. */
export function moneyMessage(
  ledger: ExchangeLedger,
  { type, amount: moved, at }: IncomeRow,
  now: number,
): Value {
  const reason = type === 'TRANSFER' ? (moved.isPositive() ? 'DEPOSIT' : 'WITHDRAW') : type;
  return accountMessage(ledger, reason, amount(moved), at, now, []);
}

function accountMessage(
  ledger: ExchangeLedger,
  reason: string,
  change: string,
  at: number,
  now: number,
  positions: readonly Value[],
): Value {
  const wallet = amount(ledger.wallet);
  const balance = { a: 'USDT', wb: wallet, cw: wallet, bc: change };
  return { e: 'ACCOUNT_UPDATE', E: now, T: at, a: { m: reason, B: [balance], P: positions } };
}

/** `!markPrice@arr` */
export function marksMessage(prices: ReadonlyMap<string, Decimal>, now: number): Value {
  return [...prices].map(([symbol, price]) => ({
    ...{ e: 'markPriceUpdate', E: now, s: symbol, p: amount(price), i: amount(price), P: amount(price) },
    ...{ r: '0.00010000', T: now + 3_600_000 },
  }));
}

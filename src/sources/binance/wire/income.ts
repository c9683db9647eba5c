import type { CashFlow, CashFlowType } from '../../../ledger/facts.js';
import type { Decimal } from '../../../shared/decimal.js';
import { MICROS_PER_MS } from '../../../shared/periods.js';
import type { Json } from '../../../transport/wire/json.js';
import type { Body } from './reading.js';
import { decimalIn, listOf, momentIn, objectOf, textIn } from './reading.js';
import { symbolNameOf } from './symbol-name.js';

/** Money that moves between wallets of one owner, or changes into another asset: nobody earned it. */
const TRANSFERS = new Set([
  'TRANSFER',
  'INTERNAL_TRANSFER',
  'CROSS_COLLATERAL_TRANSFER',
  'STRATEGY_UMFUTURES_TRANSFER',
  'COIN_SWAP_DEPOSIT',
  'COIN_SWAP_WITHDRAW',
  'AUTO_EXCHANGE',
]);
/** Charges that no fill carries. */
const CHARGES = new Set(['INSURANCE_CLEAR', 'POSITION_LIMIT_INCREASE_FEE']);

/** A row of `GET /fapi/v1/income`. */
export interface Income {
  readonly type: string;
  /** null = it belongs to none, or to one that can have no name with us. */
  readonly symbol: string | null;
  readonly asset: string;
  /** Signed: + received. */
  readonly amount: Decimal;
  readonly atMs: number;
  readonly id: string;
}

/** Throws Trouble `bad_answer`. */
export function incomeOf(json: Json): Income[] {
  return listOf(json, 'the income').map((value) => {
    const row = objectOf(value, 'an income');
    return {
      type: textIn(row, 'incomeType'),
      symbol: symbolOf(row),
      asset: textIn(row, 'asset'),
      amount: decimalIn(row, 'income'),
      atMs: momentIn(row, 'time'),
      id: textIn(row, 'tranId'),
    };
  });
}

/**
 * What an income is booked as; null = it is not booked. Realized PnL and commissions are inside the fills, other assets are not money of this
 * account, and what has no kind of its own (rebates, bonuses) is left to the reconciliation of the wallet, which shows it as performance.
 */
export function cashFlowOf(income: Income, accountId: string, currency: string): CashFlow | null {
  const type = income.asset === currency ? typeOf(income) : null;
  if (type === null) return null;
  const { amount, symbol, id, atMs } = income;
  return {
    kind: 'account.cash_flow',
    accountId,
    occurredAt: atMs * MICROS_PER_MS,
    // An id is unique within its type; symbol and asset make sure that one that is not can do no harm.
    eventId: `binance:income:${id}:${income.type}:${symbol ?? ''}:${income.asset}`,
    source: 'binance',
    type,
    amount: type === 'FUNDING' ? amount : amount.abs(),
    currency,
    symbol,
  };
}

function typeOf({ type, amount }: Income): CashFlowType | null {
  if (amount.isZero()) return null;
  if (type === 'FUNDING_FEE') return 'FUNDING';
  if (TRANSFERS.has(type)) return amount.isPositive() ? 'DEPOSIT' : 'WITHDRAWAL';
  return CHARGES.has(type) && amount.isNegative() ? 'FEE' : null;
}

function symbolOf(row: Body): string | null {
  const text = row.get('symbol');
  if (text === undefined || text === null || text === '') return null;
  // Money of a symbol that can have no name with us is money all the same.
  return symbolNameOf(textIn(row, 'symbol'));
}

import type { OrderExecuted } from '../../ledger/facts.js';
import { tickerOf } from '../../shared/symbols.js';
import type { FillFee } from './net-position-fees.js';

/** A fill's fee; null = none was told, or it cost nothing. One without a currency is in quote; one in the symbol's base asset takes from the quantity. */
export function feeOf({ fee, feeCurrency, symbol }: OrderExecuted): FillFee | null {
  if (!fee || fee.isZero()) return null;
  const base = tickerOf(symbol);
  const quote = symbol.slice(base.length).replace(/[-_/:]/, '');
  const currency = feeCurrency ?? quote;
  const paidIn = currency === quote ? 'settlement' : currency === base ? 'base' : 'other';
  return { amount: fee, currency, paidIn };
}

import { Decimal } from '../../src/shared/decimal.js';
import { type Contract, LINEAR } from '../../src/positions/domain/net-position-contract.js';
import type { FillFee } from '../../src/positions/domain/net-position-fees.js';
import type { PositionFill } from '../../src/positions/domain/net-position-history.js';
import { type Json, type JsonObject, NotOffered, isObject, plainName, textOf } from './outcome.js';
import { decimalAt, listAt } from './values.js';

/** What a file says about its instrument. */
export interface Instrument {
  readonly contract: Contract;
  readonly base: string | null;
  readonly settlement: string | null;
}

/** A fill as the file has it, with the names it is filed under. */
export interface FiledFill extends PositionFill {
  readonly symbol: string | null;
  readonly position: string | null;
  readonly feeCurrency: string | null;
}

/** Where a case does not name the currency of money. */
export const UNNAMED = 'quote';

const FIELDS: Readonly<Record<string, string>> = {
  id: 'id',
  tradeid: 'id',
  fillid: 'id',
  side: 'side',
  action: 'side',
  direction: 'side',
  qty: 'qty',
  quantity: 'qty',
  amount: 'qty',
  units: 'qty',
  size: 'qty',
  px: 'px',
  price: 'px',
  rate: 'px',
  fillprice: 'px',
  fee: 'fee',
  fees: 'fee',
  commission: 'fee',
  feeccy: 'feeCcy',
  feecurrency: 'feeCcy',
  ts: 'ts',
  tsns: 'ts',
  tsms: 'ts',
  tssec: 'ts',
  time: 'ts',
  timestamp: 'ts',
  date: 'ts',
  day: 'ts',
  symbol: 'symbol',
  position: 'position',
};

export function instrumentOf(value: unknown): Instrument {
  if (!isObject(value)) return { contract: LINEAR, base: null, settlement: null };
  const multiplier =
    value.multiplier === undefined ? Decimal.ONE : decimalAt(value.multiplier, 'instrument.multiplier');
  return {
    contract: { kind: value.inverse === true ? 'inverse' : 'linear', multiplier },
    base: textOrNull(value.base),
    settlement: textOrNull(value.settle ?? value.quote),
  };
}

/** The fills of a file; a column that is not in the table is not offered. */
export function fillsOf(value: Json | undefined, instrument: Instrument): FiledFill[] {
  return listAt(value, 'fills').map((row, index) => {
    if (!isObject(row)) throw new NotOffered(`fills[${index}] is not an object`);
    return fillOf(named(row), instrument);
  });
}

function named(row: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => {
      const field = FIELDS[plainName(key)];
      if (field === undefined) throw new NotOffered(`fills[].${key}`);
      return [field, value];
    }),
  );
}

function fillOf(row: JsonObject, instrument: Instrument): FiledFill {
  const quantity = decimalAt(row.qty, 'fills[].qty');
  const currency = textOrNull(row.feeCcy);
  return {
    id: row.id === undefined ? null : textOf(row.id),
    quantity: isSell(row.side) ? quantity.negated() : quantity,
    price: decimalAt(row.px, 'fills[].px'),
    fee: row.fee === undefined ? null : feeOf(decimalAt(row.fee, 'fills[].fee'), currency, instrument),
    occurredAt: timeOf(row.ts),
    symbol: textOrNull(row.symbol),
    position: textOrNull(row.position),
    feeCurrency: currency,
  };
}

/** Without an instrument a fee is in the money of the trade; a currency that is neither base nor settlement is foreign. */
function feeOf(amount: Decimal, currency: string | null, { base, settlement }: Instrument): FillFee {
  if (currency === null || settlement === null || currency === settlement) {
    return { amount, currency: currency ?? settlement ?? UNNAMED, paidIn: 'settlement' };
  }
  return { amount, currency, paidIn: currency === base ? 'base' : 'other' };
}

function isSell(side: Json | undefined): boolean {
  const text = textOf(side ?? 'BUY').toUpperCase();
  if (['SELL', 'SHORT', 'S'].includes(text)) return true;
  if (['BUY', 'LONG', 'B'].includes(text)) return false;
  throw new NotOffered(`fills[].side "${text}"`);
}

/** Rules only compare and subtract times, so the file's own unit is kept; a date is a moment in milliseconds. */
export function timeOf(value: Json | undefined): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return value;
  const text = textOf(value);
  const moment = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isNaN(moment)) throw new NotOffered(`a time "${text}"`);
  return moment;
}

export function textOrNull(value: Json | undefined): string | null {
  return value === undefined || value === null ? null : textOf(value);
}

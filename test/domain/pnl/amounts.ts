import type { Booking, Change } from '../../../src/positions/domain/changes.js';
import { accountBooking } from '../../../src/pnl/domain/cash-flow.js';
import { Decimal } from '../../../src/shared/decimal.js';
import { microsOf } from '../../../src/shared/periods.js';

export function d(text: string | number): Decimal {
  return Decimal.stored(String(text));
}

export function text(value: Decimal | null): string | null {
  return value === null ? null : value.toString();
}

export const at = (moment: string): number => microsOf(`${moment}Z`);

/** A booking of an amount (null = its PnL is not known) at a moment. */
export function booking(version: number, moment: string, amount: string | number | null): Booking {
  const row = accountBooking(version, 'close', at(moment), d(amount ?? 0));
  return amount === null ? { ...row, amount: null, computed: null } : row;
}

export const added = (after: Booking): Change<Booking> => ({ before: null, after });
export const removed = (before: Booking): Change<Booking> => ({ before, after: null });

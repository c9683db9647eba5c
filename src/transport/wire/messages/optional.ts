import type { Decimal } from '../../../shared/decimal.js';

/** Null for zero: where zero makes no sense producers write it for "unknown". */
export function unlessZero(value: Decimal | null): Decimal | null {
  return value?.isZero() ? null : value;
}

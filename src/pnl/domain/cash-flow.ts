import type { CashFlow } from '../../ledger/facts.js';
import type { Booking, BookingKind } from '../../positions/domain/changes.js';
import type { Decimal } from '../../shared/decimal.js';

/** A deposit, withdrawal, or the opening balance: money that moved without being earned. Amount signed, + = in. */
export interface FlowRow {
  readonly version: number;
  readonly type: string;
  readonly amount: Decimal;
  readonly occurredAt: number;
}

/** The event id of the deposit that the settings make at the first start. */
export const INITIAL_CASH_EVENT = 'initial-cash';

/** What moved in or out without being earned, signed + = in; null for fees and funding, which are performance. */
export function flowOf({ type, amount }: CashFlow): Decimal | null {
  if (type === 'DEPOSIT') return amount;
  return type === 'WITHDRAWAL' ? amount.negated() : null;
}

/** What a fee (−) or a funding payment (+ received, − paid) earned; null for deposits and withdrawals. */
export function performanceOf({ type, amount }: CashFlow): Decimal | null {
  if (type === 'FEE') return amount.negated();
  return type === 'FUNDING' ? amount : null;
}

/** A booking of the account itself, on no trade. */
export function accountBooking(
  version: number,
  kind: BookingKind,
  occurredAt: number,
  amount: Decimal,
  symbol: string | null = null,
): Booking {
  return {
    version,
    tradeId: '',
    kind,
    symbol,
    occurredAt,
    quantity: null,
    quantityDerived: false,
    entryPrice: null,
    exitPrice: null,
    fee: null,
    openingFee: null,
    reported: null,
    computed: amount,
    amount,
  };
}

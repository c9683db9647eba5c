import type { Micros, Side } from '../../../ledger/facts.js';
import type { Booking, BookingKind } from '../../../positions/domain/changes.js';
import { signOf } from '../../../positions/domain/trade.js';
import { Decimal } from '../../../shared/decimal.js';
import { isoOf } from '../../../shared/periods.js';
import type { Evidence, ExplainedNode } from './node.js';
import { leaf, rounded } from './node.js';

/** What the ledger says of the fact that something rests on. */
export interface FactOrigin {
  readonly version: number;
  readonly kind: string;
  readonly eventId: string | null;
  readonly source: string | null;
  readonly receivedAt: Micros;
}

/** A booking with its trade's side and the fact that made it. */
export interface BookedFact extends Booking {
  readonly side: Side | null;
  readonly origin: FactOrigin | null;
}

const FORMULAS: Readonly<Record<BookingKind, string>> = {
  opening_fee: '− fee, realized when the trade opens',
  close: '(exit price − entry price) × quantity − fee; a short the other way round',
  fee: '− fee of the account',
  funding: 'Funding received (+) or paid (−)',
  reconciliation: "The exchange's wallet − ours: performance that no known transfer explains",
};
const REPORTED = 'As reported, net of everything, + the share of the opening fee that was booked at the open';
const ADOPTED =
  'The exchange no longer held it: nothing booked, what it earned is in the wallet that it reports';
const UNKNOWN = 'Neither reported nor computable: nothing was booked';

/** What one fact realized on one trade or on the account. */
export function bookingNode(booking: BookedFact): ExplainedNode {
  const { kind, amount } = booking;
  const formula = formulaOf(booking);
  const of = {
    name: kind,
    formula,
    operation: 'fact',
    value: amount,
    evidence: evidenceOf(booking),
  } as const;
  if (amount === null) return leaf(of);
  return rounded(of, amountByEvidence(booking, amount), booking.quantity ?? Decimal.ZERO);
}

function formulaOf({ kind, amount, reported, tradeId }: BookedFact): string {
  if (amount === null) return UNKNOWN;
  if (kind === 'reconciliation' && tradeId !== '') return ADOPTED;
  return reported === null ? FORMULAS[kind] : REPORTED;
}

/** The amount as what is shown beside it gives it. */
function amountByEvidence(booking: BookedFact, amount: Decimal): Decimal {
  const { kind, reported, entryPrice, exitPrice, quantity, side } = booking;
  const fee = booking.fee ?? Decimal.ZERO;
  if (reported) return reported.plus(booking.openingFee ?? Decimal.ZERO);
  if (kind === 'opening_fee') return fee.negated();
  if (kind !== 'close' || !entryPrice || !exitPrice || !quantity || !side) return amount;
  return exitPrice.minus(entryPrice).times(quantity).times(signOf(side)).minus(fee);
}

function evidenceOf(booking: BookedFact): Evidence {
  const { reported, computed, amount } = booking;
  return {
    ...originEvidence(booking.version, booking.origin),
    trade_id: booking.tradeId === '' ? null : booking.tradeId,
    symbol: booking.symbol,
    side: booking.side,
    occurred_at: isoOf(booking.occurredAt),
    quantity: booking.quantity,
    quantity_derived: booking.quantityDerived,
    entry_price: booking.entryPrice,
    exit_price: booking.exitPrice,
    fee: booking.fee,
    opening_fee_share: booking.openingFee,
    reported,
    computed,
    booked: amount === null ? 'nothing' : reported === null ? 'computed' : 'reported',
  };
}

/** Which fact it was, by the ledger. */
export function originEvidence(version: number | null, origin: FactOrigin | null): Evidence {
  return {
    version,
    kind: origin?.kind ?? null,
    event_id: origin?.eventId ?? null,
    source: origin?.source ?? null,
    received_at: origin ? isoOf(origin.receivedAt) : null,
  };
}

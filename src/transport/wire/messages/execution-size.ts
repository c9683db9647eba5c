import { Refusal } from '../../../ledger/facts.js';
import type { Decimal } from '../../../shared/decimal.js';
import type { WireMessage } from '../envelope.js';
import { required } from '../fields.js';
import type { Fields } from '../fields.js';
import { orderSide, sideUnknown } from '../sides.js';

/**
 * The order's side. An execution must tell one that is known (apply.result may leave it out: its `action` is a plan's
 * word, not a side); of an order that was never executed an unknown one is null.
 */
export function readOrderSide(
  { eventType, body }: WireMessage,
  signal: Fields | null,
  executed: boolean,
): 'BUY' | 'SELL' | null {
  const isPlan = eventType === 'apply.result';
  const text = body.text('side') ?? (isPlan ? null : (body.text('action', 'direction') ?? sideOf(signal)));
  const side = text === null ? null : orderSide(text);
  if (side !== null || !executed || (isPlan && text === null)) return side;
  throw sideUnknown(required(text, 'side'));
}

function sideOf(signal: Fields | null): string | null {
  return signal?.text('side', 'action', 'direction') ?? null;
}

/**
 * The base quantity, signed by the side; null when it or the side is not told. The kin report 0 for a size they did
 * not wait for; in `order.executed` itself 0 is refused. `position_size_usd` is a wish in money, never a quantity.
 */
export function readSize({ eventType, body }: WireMessage, side: 'BUY' | 'SELL' | null): Decimal | null {
  const size = body.decimal('quantity', 'qty', 'filled_qty', 'executed_qty', 'close_qty');
  if (size === null) return null;
  if (size.isNegative() || (size.isZero() && eventType === 'order.executed')) {
    throw new Refusal('quantity_invalid', `quantity is not above zero: ${size.toString()}`);
  }
  if (size.isZero() || side === null) return null;
  return side === 'SELL' ? size.negated() : size;
}

import type { OrderExecuted } from '../../../ledger/facts.js';
import { Decimal } from '../../../shared/decimal.js';
import type { Json } from '../../../transport/wire/json.js';
import { fillOfUpdate } from './fills.js';
import type { Body } from './reading.js';
import { decimalIn, listOf, momentIn, objectOf, textIn } from './reading.js';

/**
 * What a message of the user stream means here. `money`: the wallet moved without a fill; the stream gives no id for it, so that history is
 * asked and nothing is booked from here. `expired`: the listen key is no longer valid.
 */
export type UserEvent =
  | { readonly kind: 'fill'; readonly fill: OrderExecuted }
  | { readonly kind: 'money'; readonly atMs: number; readonly amount: Decimal }
  | { readonly kind: 'expired' }
  | { readonly kind: 'other' };

/** Reads one message, alone or in the envelope of a combined stream. Throws Trouble `bad_answer`. */
export function userEvent(json: Json, accountId: string, currency: string): UserEvent {
  const outer = objectOf(json, 'the message');
  const event = outer.has('data') ? objectOf(outer.get('data'), 'the message') : outer;
  switch (event.get('e')) {
    case 'ORDER_TRADE_UPDATE': {
      const fill = fillOfUpdate(event, accountId);
      return fill ? { kind: 'fill', fill } : { kind: 'other' };
    }
    case 'ACCOUNT_UPDATE':
      return accountUpdate(event, currency);
    case 'listenKeyExpired':
      return { kind: 'expired' };
    default:
      return { kind: 'other' };
  }
}

function accountUpdate(event: Body, currency: string): UserEvent {
  const balances = listOf(objectOf(event.get('a'), 'the update').get('B') ?? [], 'the balances')
    .map((balance) => objectOf(balance, 'a balance'))
    .filter((balance) => textIn(balance, 'a') === currency);
  const amount = Decimal.sum(balances.map((balance) => decimalIn(balance, 'bc')));
  // `bc` is the change without PnL and commission, which the fills carry.
  return amount.isZero() ? { kind: 'other' } : { kind: 'money', atMs: momentIn(event, 'T'), amount };
}

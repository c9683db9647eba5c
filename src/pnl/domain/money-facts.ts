import type { LedgerEntry, Micros } from '../../ledger/facts.js';
import type { Booking } from '../../positions/domain/changes.js';
import type { FlowRow } from './cash-flow.js';
import { accountBooking, flowOf, performanceOf } from './cash-flow.js';

/** What facts about money, and no trade, come to. */
export interface Money {
  /** `known` = from then on the wallet balance is known. */
  readonly flows: readonly { readonly flow: FlowRow; readonly known: boolean }[];
  readonly bookings: readonly Booking[];
  /** Time of the last wallet that was adopted; null = none was. */
  readonly reconciledAt: Micros | null;
}

/** The flows and the bookings of an account's cash flows and reconciliations; facts of other kinds come to none. */
export function moneyOf(entries: readonly LedgerEntry[]): Money {
  const flows: { flow: FlowRow; known: boolean }[] = [];
  const bookings: Booking[] = [];
  let reconciledAt: Micros | null = null;
  for (const { version, fact } of entries) {
    const { occurredAt } = fact;
    if (fact.kind === 'account.cash_flow') {
      const { type, symbol } = fact;
      const [amount, earned] = [flowOf(fact), performanceOf(fact)];
      if (amount) flows.push({ flow: { version, type, amount, occurredAt }, known: type === 'DEPOSIT' });
      const kind = type === 'FEE' ? 'fee' : 'funding';
      if (earned) bookings.push(accountBooking(version, kind, occurredAt, earned, symbol));
    } else if (fact.kind === 'account.reconciliation') {
      const { difference: amount } = fact;
      if (fact.opening) flows.push({ flow: { version, type: 'OPENING', amount, occurredAt }, known: true });
      else bookings.push(accountBooking(version, 'reconciliation', occurredAt, amount));
      reconciledAt = occurredAt;
    }
  }
  return { flows, bookings, reconciledAt };
}

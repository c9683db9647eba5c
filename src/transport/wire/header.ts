import { Refusal } from '../../ledger/facts.js';
import type { FactHeader, Micros, TimeOrigin } from '../../ledger/facts.js';
import type { WireMessage } from './envelope.js';

/** A message without an account belongs to this one. */
export const DEFAULT_ACCOUNT = 'main';

const TIME_NAMES = ['timestamp', 'ts', 'ts_utc', 'ts_epoch', 'close_ts', 'trip_time'];

/** What every fact carries, read from a message; `timeNames` outrank the usual names of the time. */
export function readHeader(message: WireMessage, ...timeNames: readonly string[]): FactHeader {
  const { at, from } = readTime(message, ...timeNames);
  const header = {
    accountId: readAccount(message),
    occurredAt: at,
    eventId: either(message, 'event_id'),
    source: either(message, 'source'),
  };
  return from === null ? header : { ...header, timeFrom: from };
}

/** The account a message names, `main` when it names none. */
export function readAccount({ body, envelope }: WireMessage): string {
  return body.text('account_id', 'account') ?? envelope?.text('account_id', 'account') ?? DEFAULT_ACCOUNT;
}

/** Who says it: in the payload, else on the envelope; null when neither tells. */
export function readSource(message: WireMessage): string | null {
  return either(message, 'source');
}

/**
 * When it happened: the payload's own time, else the envelope's, else its arrival. `from` is null for the payload's.
 * Throws Refusal `time_invalid`, or `time_missing` when there is none at all.
 */
export function readTime(
  { body, envelope, fallbackTime }: WireMessage,
  ...timeNames: readonly string[]
): { readonly at: Micros; readonly from: TimeOrigin | null } {
  const own = body.time(...timeNames, ...TIME_NAMES);
  if (own !== null) return { at: own, from: null };
  const around = envelope?.time(...TIME_NAMES) ?? null;
  if (around !== null) return { at: around, from: 'envelope' };
  if (fallbackTime !== null) return { at: fallbackTime, from: 'arrival' };
  throw new Refusal('time_missing', 'timestamp is missing');
}

function either({ body, envelope }: WireMessage, name: string): string | null {
  return body.text(name) ?? envelope?.text(name) ?? null;
}

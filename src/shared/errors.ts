import { types } from 'node:util';

/** Postgres and network conditions that pass by themselves: what met them is retried, never refused. */
const TRANSIENT_SQL_STATES = new Set([
  '25006', // read_only_sql_transaction (a standby, or a primary being demoted)
  '25P02', // in_failed_sql_transaction
  '25P03', // idle_in_transaction_session_timeout
  '40001', // serialization_failure
  '40003', // statement_completion_unknown
  '40P01', // deadlock_detected
  '53100', // disk_full
  '53200', // out_of_memory
  '53300', // too_many_connections
  '55P03', // lock_not_available
  '57014', // query_canceled (statement timeout)
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '57P05', // idle_session_timeout
  '58030', // io_error
]);

const TRANSIENT_SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EMFILE',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);

const TRANSIENT_WORDS =
  /connection (terminated|ended|is closed|error)|timeout (exceeded|expired)|read timeout|not queryable|client has encountered|driver not connected|calling end on the pool|command timed out|socket timeout|max retries per request/i;

/** What Redis answers while it starts, changes its role, or is held up by a script; every other refusal stays until somebody acts. */
const TRANSIENT_REPLIES =
  /^(LOADING|MASTERDOWN|READONLY|BUSY|TRYAGAIN|CLUSTERDOWN|NOREPLICAS|UNBLOCKED|NOGROUP)\b/;

/** Raised by our own code for a condition that passes by itself (a dependency away, a shutdown under way). */
export class TransientError extends Error {}

/** Whether the same work may succeed later without anybody changing it. Unknown errors are not transient. */
export function isTransient(error: unknown): boolean {
  if (error instanceof TransientError) return true;
  if (!isError(error)) return false;
  const code = codeOf(error) ?? '';
  if (code.startsWith('08') || TRANSIENT_SQL_STATES.has(code) || TRANSIENT_SYSTEM_CODES.has(code))
    return true;
  if (isReply(error)) return TRANSIENT_REPLIES.test(error.message);
  return TRANSIENT_WORDS.test(error.message) || (error.cause !== undefined && isTransient(error.cause));
}

/** Whether a Redis that answered said it; what it answered begins with its code (`NOPERM`, `WRONGTYPE`, `LOADING`). */
function isReply(error: Error): boolean {
  return error.name === 'ReplyError';
}

/** The code with which Redis refused a command and will refuse it again (`NOPERM`, `NOAUTH`, `WRONGTYPE`); null = nothing of the kind. */
export function refusalOf(error: unknown): string | null {
  if (!isError(error) || !isReply(error) || isTransient(error)) return null;
  return /^[A-Z]+/.exec(error.message)?.[0] ?? 'ERR';
}

/** Whether it is an error of this realm or of another: what Node's core throws is no `instanceof` of a sandbox's own Error. */
export function isError(error: unknown): error is Error {
  return error instanceof Error || types.isNativeError(error);
}

/** The code that a driver or the system gave an error (`ECONNREFUSED`, `57P01`); null when there is none. */
export function codeOf(error: unknown): string | null {
  return isError(error) && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return isError(error) ? error.message : String(error);
}

/** Postgres and network conditions that pass by themselves: what met them is retried, never refused. */
const TRANSIENT_SQL_STATES = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '55P03', // lock_not_available
  '57014', // query_canceled (statement timeout)
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '53100', // disk_full
  '53200', // out_of_memory
  '53300', // too_many_connections
  '25006', // read_only_sql_transaction (a standby, or a primary being demoted)
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
]);

const TRANSIENT_WORDS =
  /connection (terminated|ended|is closed|error)|timeout exceeded|not queryable|client has encountered|driver not connected|calling end on the pool/i;

/** Raised by our own code for a condition that passes by itself (a dependency away, a shutdown under way). */
export class TransientError extends Error {}

/** Whether the same work may succeed later without anybody changing it. Unknown errors are not transient. */
export function isTransient(error: unknown): boolean {
  if (error instanceof TransientError) return true;
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code.startsWith('08') || TRANSIENT_SQL_STATES.has(code) || TRANSIENT_SYSTEM_CODES.has(code))
    return true;
  return TRANSIENT_WORDS.test(error.message) || (error.cause !== undefined && isTransient(error.cause));
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

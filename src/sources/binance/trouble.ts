import { TransientError } from '../../shared/errors.js';

/**
 * What can be wrong with the exchange. `unreachable`: no answer; `server_error`: it says that it failed, and what it did is unknown;
 * `bad_answer`: an answer that is not the exchange's; `key_refused`: wrong key, secret or permission; `rate_limited` and `banned`: we asked
 * too much; `clock`: our clock and its differ too much; `other_venue`: the account belongs to another exchange's history; `refused`: anything
 * else that it would not do.
 */
export type TroubleKind =
  | 'unreachable'
  | 'server_error'
  | 'bad_answer'
  | 'key_refused'
  | 'rate_limited'
  | 'banned'
  | 'clock'
  | 'other_venue'
  | 'refused';

/** What stands for itself in health and log: neither it nor anything in it knows a key, a signature or a signed address. */
export class Trouble extends TransientError {
  constructor(
    readonly kind: TroubleKind,
    message: string,
    /** How long to leave the exchange alone, in ms; null = it did not say. */
    readonly retryAfterMs: number | null = null,
    /** The exchange's own code, such as `-1021`; null = none. */
    readonly code: string | null = null,
  ) {
    super(message);
  }
}

/** What was thrown, as trouble: what is no trouble of the exchange's (our database is away) is passed on. */
export function troubleOf(error: unknown): Trouble | null {
  return error instanceof Trouble ? error : null;
}

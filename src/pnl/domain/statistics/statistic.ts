/** Why a statistic has no value. Stable, machine readable, shown beside the null. */
export const UNDEFINED_REASONS = [
  'no_trades',
  'no_wins',
  'no_losses',
  'no_returns',
  'no_times',
  'no_flows',
  'no_marks',
  'not_seen',
  'no_positions',
  'margin_unknown',
  'unavailable',
  'too_few',
  'no_variation',
  'no_downside',
  'no_drawdown',
  'no_capital',
  'lost_everything',
  'no_sign_change',
  'not_converging',
] as const;

export type UndefinedReason = (typeof UNDEFINED_REASONS)[number];

/** A number, or null and the reason why there is none. Never a made-up default. */
export type Statistic<T> =
  { readonly value: T; readonly reason: null } | { readonly value: null; readonly reason: UndefinedReason };

export function known<T>(value: T): Statistic<T> {
  return { value, reason: null };
}

export function unknown(reason: UndefinedReason): { readonly value: null; readonly reason: UndefinedReason } {
  return { value: null, reason };
}

/** Goes on with the value of a statistic; an unknown one stays unknown for its own reason. */
export function mapKnown<T, U>(statistic: Statistic<T>, next: (value: T) => Statistic<U>): Statistic<U> {
  return statistic.reason === null ? next(statistic.value) : statistic;
}

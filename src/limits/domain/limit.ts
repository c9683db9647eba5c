import { Decimal } from '../../shared/decimal.js';

/** What is limited. `*_symbol*` limits hold for each symbol held, the others for the account. */
export const LIMITS = [
  'total_exposure',
  'symbol_exposure',
  'symbol_exposure_pct',
  'positions',
  'daily_loss',
  'daily_drawdown',
  'max_drawdown',
  'leverage',
  'symbol_leverage',
  'open_loss',
] as const;

export type LimitName = (typeof LIMITS)[number];

/** `currency` = the account's; `percent` of equity (of the peak for drawdowns); `times` equity, or a position's margin. */
export const UNITS = ['currency', 'percent', 'count', 'times'] as const;
export type Unit = (typeof UNITS)[number];

/** How a limit behaves. */
export interface LimitKind {
  readonly unit: Unit;
  readonly bySymbol: boolean;
  /** `at`: a loss trips when it reaches its limit, as the emergency stop does. `above`: a maximum may be used in full. */
  readonly trips: 'at' | 'above';
  /**
   * A breach is over when less than this share of the limit (percent) is used; what jitters with prices needs the distance. null = as
   * soon as it is within the limit: what comes and goes one by one does not jitter.
   */
  readonly clearsBelowPct: Decimal | null;
  /** More than this cannot be meant: it is not read; null = anything. */
  readonly most: Decimal | null;
}

/** From this share of a limit (percent) on it is being approached. */
export const APPROACHING_FROM_PCT = Decimal.integer(80);
/** An approach that fell below this share (80 % × 95 %) may be announced anew. */
export const APPROACH_ENDS_BELOW_PCT = Decimal.integer(76);

const CLEARS_BELOW_PCT = Decimal.integer(95);

const kind = (
  unit: Unit,
  trips: LimitKind['trips'],
  { bySymbol = false, most = null as Decimal | null } = {},
): LimitKind => ({ unit, trips, bySymbol, most, clearsBelowPct: CLEARS_BELOW_PCT });

const shareOfEquity = kind('percent', 'at', { most: Decimal.HUNDRED });

export const LIMIT_KINDS: Readonly<Record<LimitName, LimitKind>> = {
  total_exposure: kind('currency', 'above'),
  symbol_exposure: kind('currency', 'above', { bySymbol: true }),
  symbol_exposure_pct: kind('percent', 'above', { bySymbol: true }),
  positions: { ...kind('count', 'above'), clearsBelowPct: null },
  daily_loss: shareOfEquity,
  daily_drawdown: shareOfEquity,
  max_drawdown: shareOfEquity,
  leverage: kind('times', 'above'),
  symbol_leverage: { ...kind('times', 'above', { bySymbol: true }), clearsBelowPct: null },
  open_loss: kind('percent', 'at'),
};

import type { Day } from '../../../shared/periods.js';
import type { Side } from '../../../ledger/facts.js';

/** The figures that are asked for by their name alone: money that the four routes show under it. */
export const FIGURES = [
  'total_equity',
  'current_equity',
  'cash_balance',
  'unrealized_pnl',
  'realized_pnl_today',
  'realized_pnl_week',
  'realized_pnl_month',
  'realized_pnl_total',
  'total_pnl',
  'daily_pnl',
  'weekly_pnl',
  'monthly_pnl',
  'best_trade_pnl',
  'worst_trade_pnl',
  'equity_change_today',
  'total_exposure',
  'long_exposure',
  'short_exposure',
  'net_exposure',
  'peak_equity',
] as const;

export type Figure = (typeof FIGURES)[number];

/** Those that are asked for with what they are about, by the forms in which they are. */
export const FORMS = [
  'unrealized_pnl:SYMBOL:SIDE',
  'exposure:SYMBOL:SIDE',
  'exposure_by_symbol:SYMBOL',
  'gross_by_symbol:SYMBOL',
  'exposure_by_sector:SECTOR',
  'realized_pnl_day:YYYY-MM-DD',
] as const;

/** A number that can be explained. */
export type Metric =
  | { readonly kind: 'figure'; readonly figure: Figure }
  | {
      readonly kind: 'unrealized_pnl' | 'exposure';
      readonly symbol: string;
      readonly side: Side;
    }
  | { readonly kind: 'exposure_by_symbol' | 'gross_by_symbol'; readonly symbol: string }
  | { readonly kind: 'exposure_by_sector'; readonly sector: string }
  | { readonly kind: 'realized_pnl_day'; readonly day: Day };

/** Raised for a name that is no metric, or is one of something that the account does not hold. */
export class UnknownMetricError extends Error {
  constructor(name: string, why = 'is not a metric') {
    super(`${name} ${why}. Known are ${[...FIGURES, ...FORMS].join(', ')}.`);
  }
}

/** The metric of a name. Throws UnknownMetricError. */
export function metricOf(name: string): Metric {
  const figure = FIGURES.find((known) => known === name);
  if (figure) return { kind: 'figure', figure };
  const metric = /^([a-z_]+):(.+)$/.exec(name);
  const found = metric && parametrised(metric[1]!, metric[2]!);
  if (!found) throw new UnknownMetricError(name);
  return found;
}

/** A symbol may have colons of its own, so the side is what comes after the last. */
function parametrised(kind: string, about: string): Metric | null {
  switch (kind) {
    case 'unrealized_pnl':
    case 'exposure': {
      const held = /(.+):(LONG|SHORT)$/.exec(about);
      return held && { kind, symbol: held[1]!, side: held[2] as Side };
    }
    case 'exposure_by_symbol':
    case 'gross_by_symbol':
      return { kind, symbol: about };
    case 'exposure_by_sector':
      return { kind, sector: about };
    case 'realized_pnl_day':
      return isDay(about) ? { kind, day: about } : null;
  }
  return null;
}

function isDay(text: string): boolean {
  const at = /^[12]/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text;
}

import { Decimal } from '../../shared/decimal.js';
import type { LimitName } from './limit.js';

/** One held side of a symbol, as limits look at it. */
export interface LimitedPosition {
  readonly symbol: string;
  /** Notional ≥ 0; null = no price is known. */
  readonly exposure: Decimal | null;
  /** As its trades told; null = none did. */
  readonly leverage: Decimal | null;
}

/** What limits are held against, of one account at one moment. Money in its currency, percents in percent. */
export interface RiskFigures {
  readonly equity: Decimal;
  /** False = no deposit and no report of the wallet was seen: shares of equity are shares of nothing known. */
  readonly walletKnown: boolean;
  readonly positions: readonly LimitedPosition[];
  readonly unrealized: Decimal;
  /** Equity now − at the start of the day − net deposits since; + = gain. */
  readonly changeToday: Decimal;
  readonly dayStartEquity: Decimal;
  readonly dailyDrawdownPct: Decimal;
  readonly currentDrawdownPct: Decimal;
  /** False before equity was ever positive: there is nothing to have fallen from. */
  readonly hasPeak: boolean;
}

/** How much of a limit is used, in its unit. */
export interface Use {
  /** null = unknown. With a reason beside a value it is at least that much: a part of it could not be counted. */
  readonly value: Decimal | null;
  readonly reason: string | null;
}

/** A use of which at least a part could be counted. */
export type CountedUse = Use & { readonly value: Decimal };

const known = (value: Decimal): Use => ({ value, reason: null });
const unknown = (reason: string): Use => ({ value: null, reason });
const lossOf = (change: Decimal) => Decimal.max(Decimal.ZERO, change.negated());
const percentOf = (part: Decimal, whole: Decimal) => part.times(Decimal.HUNDRED).dividedBy(whole);

/** Sum of the notionals of a symbol's positions, or of all (null). */
export function exposureOf({ positions }: RiskFigures, symbol: string | null): CountedUse {
  let value = Decimal.ZERO;
  let reason: string | null = null;
  for (const { exposure } of heldIn(positions, symbol)) {
    if (exposure) value = value.plus(exposure);
    else reason = 'price_unknown';
  }
  return { value, reason };
}

const indexes = new WeakMap<readonly LimitedPosition[], ReadonlyMap<string, LimitedPosition[]>>();

/** The positions of a symbol, or all (null). Each of hundreds of symbols asks, so they are sorted once; a list is never changed. */
function heldIn(positions: readonly LimitedPosition[], symbol: string | null): readonly LimitedPosition[] {
  if (symbol === null) return positions;
  const index = indexes.get(positions) ?? bySymbol(positions);
  indexes.set(positions, index);
  return index.get(symbol) ?? [];
}

function bySymbol(positions: readonly LimitedPosition[]): ReadonlyMap<string, LimitedPosition[]> {
  const index = new Map<string, LimitedPosition[]>();
  for (const position of positions) {
    const found = index.get(position.symbol);
    if (found) found.push(position);
    else index.set(position.symbol, [position]);
  }
  return index;
}

/**
 * What an account uses of a limit. Reasons: `price_unknown`, `wallet_unknown`, `no_equity` (not above zero), `no_equity_at_day_start`,
 * `not_seen` (equity was never above zero), `leverage_unknown`.
 */
export function useOf(limit: LimitName, symbol: string | null, figures: RiskFigures): Use {
  switch (limit) {
    case 'total_exposure':
      return exposureOf(figures, null);
    case 'symbol_exposure':
      return symbol === null ? known(Decimal.ZERO) : exposureOf(figures, symbol);
    case 'positions':
      return known(Decimal.integer(figures.positions.length));
    case 'symbol_leverage':
      return toldLeverage(figures, symbol);
    default:
      return figures.walletKnown ? shareOfEquity(limit, symbol, figures) : unknown('wallet_unknown');
  }
}

type ShareOfEquity = Exclude<
  LimitName,
  'total_exposure' | 'symbol_exposure' | 'positions' | 'symbol_leverage'
>;

function shareOfEquity(limit: ShareOfEquity, symbol: string | null, figures: RiskFigures): Use {
  const { equity, dayStartEquity, changeToday } = figures;
  switch (limit) {
    case 'daily_loss':
      return dayStartEquity.isPositive()
        ? known(percentOf(lossOf(changeToday), dayStartEquity))
        : unknown('no_equity_at_day_start');
    case 'daily_drawdown':
      return figures.hasPeak ? known(figures.dailyDrawdownPct) : unknown('not_seen');
    case 'max_drawdown':
      return figures.hasPeak ? known(figures.currentDrawdownPct) : unknown('not_seen');
    case 'open_loss':
      // What cannot be valued may be a gain as well as a loss.
      return exposureOf(figures, null).reason
        ? unknown('price_unknown')
        : ofEquity(figures, { value: lossOf(figures.unrealized), reason: null });
    case 'symbol_exposure_pct':
      return symbol === null ? known(Decimal.ZERO) : ofEquity(figures, exposureOf(figures, symbol));
    case 'leverage': {
      const { value, reason } = exposureOf(figures, null);
      return equity.isPositive() ? { value: value.dividedBy(equity), reason } : unknown('no_equity');
    }
  }
}

/** Money as percent of equity. */
function ofEquity({ equity }: RiskFigures, { value, reason }: CountedUse): Use {
  return equity.isPositive() ? { value: percentOf(value, equity), reason } : unknown('no_equity');
}

/** The highest that the positions of a symbol (or of any, null) were opened with. */
function toldLeverage({ positions }: RiskFigures, symbol: string | null): Use {
  const held = heldIn(positions, symbol);
  if (held.length === 0) return known(Decimal.ZERO);
  const told = held.flatMap(({ leverage }) => leverage ?? []);
  const [first, ...others] = told;
  if (!first) return unknown('leverage_unknown');
  const value = others.reduce((most, one) => Decimal.max(most, one), first);
  return { value, reason: told.length === held.length ? null : 'leverage_unknown' };
}

import type { Decimal } from '../../src/shared/decimal.js';
import type { MarkRule } from '../../src/exposure/domain/margin-quotes.js';
import type { FlowTiming } from '../../src/pnl/domain/returns/flow-index.js';
import type { ZeroTrades } from '../../src/pnl/domain/statistics/win-rate.js';
import type { LotMethod } from '../../src/positions/domain/lots-order.js';
import type { FeeConvention } from '../../src/positions/domain/net-position-fees.js';
import type { TradeGrouping } from '../../src/positions/domain/round-trips.js';

/** The conventions a case may name, as settings of our rules; absent = the case does not say. */
export interface Settings {
  lotMethod?: LotMethod;
  fees?: FeeConvention;
  realizedScope?: 'cycle' | 'cumulative';
  grouping?: TradeGrouping;
  /** Fees of a trade: shared by quantity, or whole on the first trade a fill touches. */
  feeShare?: 'pro-rata' | 'first';
  mark?: MarkRule;
  marginBasis?: 'entry' | 'mark';
  maintRate?: Decimal;
  initRate?: Decimal;
  select?: 'absolute' | 'relative';
  zeroTrades?: ZeroTrades;
  ddof?: number;
  periodsPerYear?: number;
  riskFree?: number;
  annualRiskFree?: number;
  target?: number;
  /** A required return per year. */
  annualTarget?: number;
  share?: number;
  biased?: boolean;
  flowTiming?: FlowTiming;
  daysPerYear?: number;
  downside?: 'all-periods' | 'losing-periods' | 'shortfalls';
  /** Returns are counted as ln(1 + r). */
  logarithmic?: boolean;
  /** The exponent of a stable distribution; 2 is the normal one. */
  stableExponent?: number;
  valueAtRisk?: 'historical' | 'parametric';
  window?: number;
}

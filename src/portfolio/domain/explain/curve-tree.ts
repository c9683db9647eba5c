import type { EquityCurve } from '../../../drawdown/domain/equity-curve.js';
import { isoOf } from '../../../shared/periods.js';
import type { Decimal } from '../../../shared/decimal.js';
import type { ExplainedNode } from './node.js';
import { contribution, leaf, minus, total } from './node.js';

/** The all-time peak in today's money: an observation, carried over by the units that deposits and withdrawals bought and sold. */
export function peakTree({ peak, peakAt, units }: EquityCurve, peakEquity: Decimal | null): ExplainedNode {
  const observed = {
    observed_at: peakAt === null ? null : isoOf(peakAt),
    equity: peak?.equity ?? null,
    units: peak?.units ?? null,
    units_now: units,
  };
  return leaf({
    name: 'peak_equity',
    formula:
      'Equity seen at the peak × units now ÷ units then: deposits buy units, withdrawals sell them, at the index',
    operation: 'observation',
    value: peakEquity,
    evidence: observed,
  });
}

/**
 * What moved in and out of the curve today: the flows that came in, and what the curve was told apart from them. An account that begins with
 * positions brings in what they have on paper; a fact of a time before the opening balance changes that balance, and nothing else.
 */
export function dayFlowsTree({ dayFlows }: EquityCurve, cameIn: ExplainedNode): ExplainedNode {
  const others = dayFlows.minus(contribution(cameIn));
  if (others.isZero()) return cameIn;
  const opening = leaf({
    name: 'opening',
    formula: 'What the opening positions had on paper, and what was told late of the time before the opening',
    operation: 'observation',
    value: others,
    evidence: null,
  });
  return total(
    'day_flows',
    'Deposits − withdrawals that came in today, and what was there from the beginning',
    [cameIn, opening],
  );
}

/** What the day really earned: equity now, less what the day began with, less what moved in and out since. */
export function equityChangeTree(
  { day, dayStartEquity }: EquityCurve,
  equity: ExplainedNode,
  flows: ExplainedNode,
): ExplainedNode {
  const start = leaf({
    name: 'day_start_equity',
    formula: 'Equity carried into the day; 0 on the first day',
    operation: 'observation',
    value: dayStartEquity,
    evidence: { day },
  });
  const formula = 'Equity − equity at the start of the day − net deposits since';
  return total('equity_change_today', formula, [equity, minus(start), minus(flows)]);
}

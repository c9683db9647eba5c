import type { Micros } from '../../../ledger/facts.js';
import { Decimal } from '../../../shared/decimal.js';
import { isoOf } from '../../../shared/periods.js';
import type { FactOrigin } from './booking-node.js';
import { originEvidence } from './booking-node.js';
import type { ExplainedNode } from './node.js';
import { collapsed, leaf, total } from './node.js';

/** Money that moved without being earned, with the fact that says so. Amount signed, + = in. */
export interface MovedMoney {
  readonly version: number;
  readonly type: string;
  readonly amount: Decimal;
  readonly occurredAt: Micros;
  readonly origin: FactOrigin | null;
}

/** Flows by fact, the newest first, and the older ones by their sum. */
export interface MovedMonies {
  readonly shown: readonly MovedMoney[];
  readonly others: { readonly count: number; readonly amount: Decimal };
}

/** Deposits less withdrawals. */
export function flowTree(name: string, formula: string, { shown, others }: MovedMonies): ExplainedNode {
  const children = shown.map(flowNode);
  if (others.count === 0) return total(name, formula, children);
  const older = collapsed('others', 'Older flows', others.amount, others.count);
  return { ...total(name, formula, [...children, older]), collapsed: true };
}

function flowNode({ version, type, amount, occurredAt, origin }: MovedMoney): ExplainedNode {
  const formula = amount.isNegative() ? '− money that moved out' : 'Money that moved in';
  return leaf({
    name: type.toLowerCase(),
    formula,
    operation: 'fact',
    value: amount,
    evidence: { ...originEvidence(version, origin), occurred_at: isoOf(occurredAt) },
  });
}

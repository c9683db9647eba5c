import { Decimal } from '../../../shared/decimal.js';
import type { ExplainedNode } from './node.js';
import { collapsed, contribution } from './node.js';

/** How much of a tree is shown. */
export interface Extent {
  /** Levels below the root; 0 = the root alone. */
  readonly depth: number;
  /** Children a node, at least 1; the others are told as one. */
  readonly limit: number;
}

/** The tree with what lies deeper, or comes after the first `limit` of its parent, told by its exact sum and count only. */
export function pruned(node: ExplainedNode, { depth, limit }: Extent): ExplainedNode {
  if (node.children.length === 0) return node;
  if (depth <= 0) return { ...node, children: [], collapsed: true };
  const shown = node.children.slice(0, limit).map((child) => pruned(child, { depth: depth - 1, limit }));
  const others = node.children.slice(limit);
  if (others.length === 0) return { ...node, children: shown };
  return { ...node, collapsed: true, children: [...shown, others.reduce(joined, NOTHING)] };
}

const NOTHING = collapsed('others', 'Sum of the parts that are not shown', Decimal.ZERO, 0);

function joined(sum: ExplainedNode, other: ExplainedNode): ExplainedNode {
  const value = contribution(sum).plus(contribution(other));
  return collapsed(sum.name, sum.formula, value, sum.holds + other.holds);
}

import { Decimal } from '../../../shared/decimal.js';
import type { Json } from '../../../shared/json-text.js';

/**
 * How a node's value comes about. Leaves are a `fact` (a booking, a flow of money), a `product` (prices × quantity), an `observation`
 * (what was seen at a moment), what a `rounding` left over, or `unexplained`: what the facts do not account for, which must not be.
 */
export type Operation =
  | 'sum'
  | 'difference'
  | 'maximum'
  | 'minimum'
  | 'product'
  | 'fact'
  | 'observation'
  | 'rounding'
  | 'unexplained';

/** What a leaf rests on: names as they are answered, decimals exact. */
export type Evidence = Readonly<Record<string, Json>>;

/** A number and how it comes about. */
export interface ExplainedNode {
  readonly name: string;
  /** The rule, in words. */
  readonly formula: string;
  readonly operation: Operation;
  /** null = not known; it adds nothing to its parent. */
  readonly value: Decimal | null;
  /** −1 = its parent takes it away. */
  readonly sign: 1 | -1;
  /** How many leaves it stands for, shown or not; a leaf stands for itself. */
  readonly holds: number;
  /** True when some of what it is made of is not shown. */
  readonly collapsed: boolean;
  readonly evidence: Evidence | null;
  readonly children: readonly ExplainedNode[];
}

type Leaf = Pick<ExplainedNode, 'name' | 'formula' | 'operation' | 'value' | 'evidence'>;

/** A number that rests on something, and on no other number. */
export function leaf(of: Leaf): ExplainedNode {
  return { ...of, sign: 1, holds: 1, collapsed: false, children: [] };
}

/** Many leaves of which only the exact sum is told. */
export function collapsed(name: string, formula: string, value: Decimal, holds: number): ExplainedNode {
  return {
    ...leaf({ name, formula, operation: 'sum', value, evidence: null }),
    holds,
    collapsed: holds > 0,
  };
}

/** The same node as something that its parent takes away. */
export function minus(node: ExplainedNode): ExplainedNode {
  return { ...node, sign: -1 };
}

/** What a node adds to its parent; what is not known adds nothing. */
export function contribution({ value, sign }: Pick<ExplainedNode, 'value' | 'sign'>): Decimal {
  if (!value) return Decimal.ZERO;
  return sign === 1 ? value : value.negated();
}

/** The sum of its children, of which some may be taken away. */
export function total(name: string, formula: string, children: readonly ExplainedNode[]): ExplainedNode {
  return {
    name,
    formula,
    operation: children.some(({ sign }) => sign === -1) ? 'difference' : 'sum',
    value: Decimal.sum(children.map(contribution)),
    sign: 1,
    holds: children.reduce((count, child) => count + child.holds, 0),
    collapsed: false,
    evidence: null,
    children,
  };
}

/** The one that was chosen among many (the largest, the smallest), as the only child of what it was chosen for. */
export function chosen(
  name: string,
  formula: string,
  operation: 'maximum' | 'minimum',
  child: ExplainedNode,
): ExplainedNode {
  return { ...total(name, formula, [child]), operation, value: child.value };
}

/**
 * The node with the value that is shown elsewhere under its name. What its parts do not account for becomes a part of its own, so
 * that parts always sum to what they are parts of. A value that is not known (null) keeps its parts: they are what is known of it.
 */
export function shownAs(node: ExplainedNode, value: Decimal | null): ExplainedNode {
  const difference = value ? value.minus(node.value ?? Decimal.ZERO) : Decimal.ZERO;
  if (difference.isZero()) return { ...node, value };
  const unexplained = leaf({
    name: 'unexplained',
    formula: 'What is shown − what the facts account for',
    operation: 'unexplained',
    value: difference,
    evidence: null,
  });
  return { ...total(node.name, node.formula, [{ ...node, sign: 1 }, unexplained]), value, sign: node.sign };
}

/** Divisions round half-even at 18 places, so a price that was divided is wrong by at most half of this. */
const UNIT = Decimal.ONE.dividedBy(Decimal.integer(10n ** 18n));

/**
 * A leaf whose evidence gives `byEvidence` where `value` counts. They differ where a division rounded the price that is shown, or the
 * cost that was taken away: by no more than a unit for each of the quantity and one for itself. Then the two parts are shown.
 */
export function rounded(of: Leaf, byEvidence: Decimal, quantity: Decimal): ExplainedNode {
  const difference = contribution({ value: of.value, sign: 1 }).minus(byEvidence);
  if (difference.isZero()) return leaf(of);
  const bound = UNIT.times(quantity.abs().plus(Decimal.ONE));
  const isRounding = !difference.abs().greaterThan(bound);
  const remainder = leaf({
    name: isRounding ? 'rounding' : 'unexplained',
    formula: isRounding
      ? 'What a division rounded at 18 places left over'
      : 'What counts − what the facts give',
    operation: isRounding ? 'rounding' : 'unexplained',
    value: difference,
    evidence: null,
  });
  return total(of.name, of.formula, [leaf({ ...of, value: byEvidence }), remainder]);
}

import { Decimal } from '../../src/shared/decimal.js';
import type { TestService } from './service.js';

/** A node of an explanation, with its decimals as exact texts. */
export interface ShownNode {
  readonly name: string;
  readonly formula: string;
  readonly operation: string;
  readonly value: string | null;
  readonly amount: string | null;
  readonly holds: number;
  readonly collapsed: boolean;
  readonly evidence: Readonly<Record<string, unknown>> | null;
  readonly children: readonly ShownNode[];
}

export interface ShownExplanation {
  readonly metric: string;
  readonly version: number;
  readonly value: string | null;
  readonly tree: ShownNode;
}

export async function explain(
  service: TestService,
  metric: string,
  query = '&limit=1000',
): Promise<ShownExplanation> {
  const name = encodeURIComponent(metric);
  const answer = await service.get(`/api/portfolio/explain?numbers=string&metric=${name}${query}`);
  if (answer.status !== 200) throw new Error(`explain ${metric}: ${answer.text}`);
  return answer.json<ShownExplanation>();
}

/** The nodes below which nothing is shown. */
export function leavesOf(node: ShownNode): ShownNode[] {
  return node.children.length === 0 ? [node] : node.children.flatMap(leavesOf);
}

export function allNodes(node: ShownNode): ShownNode[] {
  return [node, ...node.children.flatMap(allNodes)];
}

/** The exact sum of what nodes add to the number that was asked for. */
export function summed(nodes: readonly ShownNode[]): string {
  return Decimal.sum(
    nodes.flatMap(({ amount }) => (amount === null ? [] : [Decimal.stored(amount)])),
  ).toString();
}

/** What is wrong with an explanation; empty = each node is exactly the sum of its parts, and each leaf rests on something. */
export function faultsOf({ metric, value, tree }: ShownExplanation): string[] {
  const faults: string[] = [];
  if (summed(leavesOf(tree)) !== (value ?? '0'))
    faults.push(`${metric}: leaves sum to ${summed(leavesOf(tree))}, not ${value}`);
  for (const node of allNodes(tree)) {
    const at = `${metric} / ${node.name}`;
    if (node.children.length > 0 && summed(node.children) !== (node.amount ?? '0'))
      faults.push(`${at}: parts sum to ${summed(node.children)}, not ${node.amount}`);
    if (node.operation === 'unexplained') faults.push(`${at}: ${node.value} is unexplained`);
    const bare = node.children.length === 0 && node.holds > 0 && !node.collapsed && !node.evidence;
    if (bare && node.operation !== 'rounding') faults.push(`${at} rests on nothing`);
    const held = node.children.reduce((count, child) => count + child.holds, 0);
    if (node.children.length > 0 && held !== node.holds)
      faults.push(`${at} says ${node.holds} leaves, not ${held}`);
  }
  return faults;
}

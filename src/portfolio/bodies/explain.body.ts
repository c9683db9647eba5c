import { ApiProperty } from '@nestjs/swagger';
import { Decimal } from '../../shared/decimal.js';
import type { Json } from '../../shared/json-text.js';
import { isoOf } from '../../shared/periods.js';
import type { Explained } from '../explain/explain-metric.js';
import type { Evidence, ExplainedNode } from '../domain/explain/node.js';
import { AccountBody } from './account.body.js';
import { Count, ExactOrNull, Flag, Text } from './fields.js';

const OPERATIONS = [
  ...['sum', 'difference', 'maximum', 'minimum'],
  ...['product', 'fact', 'observation', 'rounding', 'unexplained'],
];

/** A number and how it comes about. Money in the account's currency. */
export class ExplainedNodeBody {
  @Text('What it is: a figure, a day, a trade, a booking.', { example: 'realized_pnl_today' })
  readonly name!: string;
  @Text('The rule, in words.', { example: 'Net realized PnL by day, today' })
  readonly formula!: string;
  @ExactOrNull('The number; null when it is not known.')
  readonly value!: Decimal | null;
  @ExactOrNull(
    'What it adds to the number asked for, signed: the amounts of the nodes without children sum to that exactly. null = nothing.',
  )
  readonly amount!: Decimal | null;
  @Text(
    'How it comes about. Without children: `fact` (booked or moved), `product` (price × quantity), `observation` (seen at a moment), ' +
      '`rounding` (what a division left over), `unexplained` (never, unless something is wrong).',
    { enum: OPERATIONS },
  )
  readonly operation!: string;
  @Count('How many leaves it stands for, shown or not.')
  readonly holds!: number;
  @Flag('True when something of what it is made of is not shown; the amounts still sum.')
  readonly collapsed!: boolean;
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description:
      'What a leaf rests on: version, kind, event_id, source, received_at and occurred_at of the fact; trade_id, symbol, side, quantity, ' +
      'entry_price, exit_price, fee, opening_fee_share, reported, computed and which of them was booked; mark_price with its source and ' +
      'time; or what was observed, and when. null for a number that rests on other numbers.',
  })
  readonly evidence!: Evidence | null;
  @ApiProperty({
    type: 'array',
    items: { $ref: '#/components/schemas/ExplainedNodeBody' },
    description: 'What it is made of; empty for a leaf.',
  })
  readonly children!: readonly ExplainedNodeBody[];
}

/** A number of the account, down to the facts. */
export class ExplainBody extends AccountBody {
  @Text('The number that was asked for.', { example: 'realized_pnl_today' })
  readonly metric!: string;
  @ExactOrNull('The number, as the route that shows it answers at this version; null when it is not known.')
  readonly value!: Decimal | null;
  @ApiProperty({ type: ExplainedNodeBody, description: 'The number with all that it is made of.' })
  readonly tree!: ExplainedNodeBody;
}

export function explainBody(accountId: string, { metric, version, now, tree }: Explained) {
  return {
    account_id: accountId,
    version,
    metric,
    value: tree.value,
    tree: nodeBody(tree, 1),
    timestamp: isoOf(now),
  } satisfies ExplainBody;
}

/** The tree with signs carried down: what is taken away from what is taken away is added. */
function nodeBody(
  node: ExplainedNode,
  parentSign: 1 | -1,
): ExplainedNodeBody & { readonly [key: string]: Json } {
  const sign = node.sign === parentSign ? 1 : -1;
  return {
    name: node.name,
    formula: node.formula,
    value: node.value,
    amount: node.value && (sign === 1 ? node.value : node.value.negated()),
    operation: node.operation,
    holds: node.holds,
    collapsed: node.collapsed,
    evidence: node.evidence,
    children: node.children.map((child) => nodeBody(child, sign)),
  };
}

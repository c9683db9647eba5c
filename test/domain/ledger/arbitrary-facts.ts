import fc from 'fast-check';
import { contentFields } from '../../../src/ledger/fact-fields.js';
import type { FieldType } from '../../../src/ledger/fact-fields.js';
import type { Fact } from '../../../src/ledger/facts.js';
import { Decimal } from '../../../src/shared/decimal.js';

const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: 0, max: 18 }))
  .map(([units, scale]) => Decimal.integer(units).dividedBy(Decimal.integer(10n ** BigInt(scale))));
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const VALUES: Record<FieldType, fc.Arbitrary<unknown>> = {
  money: decimal,
  figure: decimal,
  name: text,
  text,
  flag: fc.boolean(),
};
/** What no fact of any kind is without. */
const NEVER_NULL = new Set(['symbol', 'type', 'trade.opened tradeId']);
const KINDS = [
  'trade.opened',
  'trade.closed',
  'order.executed',
  'account.cash_flow',
  'ess.tripped',
  'account.reconciliation',
  'position.reconciliation',
] as const;

function factsOf(kind: Fact['kind']): fc.Arbitrary<Fact> {
  const content = contentFields(kind)!.map(([name, type]) => {
    const isNeverNull = NEVER_NULL.has(name) || NEVER_NULL.has(`${kind} ${name}`);
    return [name, isNeverNull ? VALUES[type] : fc.option(VALUES[type])] as const;
  });
  return fc.record({
    kind: fc.constant(kind),
    accountId: text,
    occurredAt: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    eventId: fc.option(text),
    source: fc.option(text),
    ...Object.fromEntries(content),
  }) as unknown as fc.Arbitrary<Fact>;
}

/** Any fact, also such as the wire would refuse: nearly every field may be null or any value of its type. */
export const facts: fc.Arbitrary<Fact> = fc.oneof(...KINDS.map(factsOf));

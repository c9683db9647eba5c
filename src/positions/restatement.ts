import type { Side } from '../ledger/facts.js';
import type { Decimal } from '../shared/decimal.js';
import type { Json } from '../shared/json-text.js';
import { isoOf } from '../shared/periods.js';
import type { SymbolBook } from './domain/symbol-book.js';
import type { RestatementCause } from './positions-state.js';

/** Where a symbol stands, before or after a restatement. Money in the account's currency, sizes ≥ 0. */
export type Standing = {
  readonly long_quantity: Decimal | null;
  readonly long_cost_basis: Decimal | null;
  readonly short_quantity: Decimal | null;
  readonly short_cost_basis: Decimal | null;
  /** Net, of all trades of the symbol ever. */
  readonly realized_pnl: Decimal;
};

export function standingOf(book: SymbolBook | undefined, realized: Decimal): Standing {
  const of = (side: Side) => book?.holding(side);
  return {
    long_quantity: of('LONG')?.quantity ?? null,
    long_cost_basis: of('LONG')?.costBasis ?? null,
    short_quantity: of('SHORT')?.quantity ?? null,
    short_cost_basis: of('SHORT')?.costBasis ?? null,
    realized_pnl: realized,
  };
}

/** `portfolio.restated`: what changed, from what to what, and which facts made it change. */
export function restatedEvent(
  symbol: string,
  causes: readonly RestatementCause[],
  before: Standing,
  after: Standing,
  now: number,
): { readonly type: string; readonly body: { readonly [key: string]: Json } } {
  const cause = causes.map(({ why, entry: { version, fact } }) => ({
    version,
    kind: fact.kind,
    why,
    event_id: fact.eventId,
    source: fact.source,
    occurred_at: isoOf(fact.occurredAt),
  }));
  return { type: 'portfolio.restated', body: { symbol, cause, before, after, timestamp: isoOf(now) } };
}

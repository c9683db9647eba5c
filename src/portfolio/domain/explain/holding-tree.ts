import type { Side } from '../../../ledger/facts.js';
import type { HeldSide, HeldTrade } from '../../../positions/domain/held-trades.js';
import { signOf } from '../../../positions/domain/trade.js';
import { Decimal } from '../../../shared/decimal.js';
import { isoOf } from '../../../shared/periods.js';
import type { FactOrigin } from './booking-node.js';
import { originEvidence } from './booking-node.js';
import type { Evidence, ExplainedNode } from './node.js';
import { leaf, minus, rounded, shownAs, total } from './node.js';

/** The fact that opened a trade, where the ledger has it. */
export type OriginOf = (version: number | null) => FactOrigin | null;

const UNREALIZED = '(mark − entry price) × quantity; a short the other way round';
const NO_GAIN = 'Valued at its entry price, because no mark was seen: nothing gained';
const NO_ENTRY = 'No entry price is known, so it is left out';

/** What one side of a symbol has on paper, by its open trades. */
export function unrealizedOf(held: HeldSide, originOf: OriginOf): ExplainedNode {
  const parts = held.trades.map((trade) => unrealizedPart(held, trade, originOf));
  const { symbol, side, unrealized } = held;
  return shownAs(total(`unrealized_pnl:${symbol}:${side}`, 'Sum over its open trades', parts), unrealized);
}

function unrealizedPart(held: HeldSide, trade: HeldTrade, originOf: OriginOf): ExplainedNode {
  const { unrealized, quantity, entryPrice } = trade;
  const formula = unrealized === null ? NO_ENTRY : held.mark ? UNREALIZED : NO_GAIN;
  const evidence = tradeEvidence(held, trade, originOf);
  const of = { name: trade.tradeId, formula, operation: 'product', value: unrealized, evidence } as const;
  if (!held.mark || !unrealized || !entryPrice) return leaf(of);
  const byPrices = held.mark.price.minus(entryPrice).times(quantity).times(signOf(held.side));
  return rounded(of, byPrices, quantity);
}

/** The notional of one side of a symbol, ≥ 0, by its open trades. */
export function notionalOf(held: HeldSide, originOf: OriginOf): ExplainedNode {
  const parts = held.trades.map((trade) => notionalPart(held, trade, originOf));
  const { symbol, side, notional } = held;
  return shownAs(total(`exposure:${symbol}:${side}`, 'Sum over its open trades', parts), notional);
}

function notionalPart(held: HeldSide, trade: HeldTrade, originOf: OriginOf): ExplainedNode {
  const { notional, quantity, entryPrice } = trade;
  const formula = held.mark ? 'quantity × mark' : 'quantity × entry price, because no mark was seen';
  const evidence = tradeEvidence(held, trade, originOf);
  const of = { name: trade.tradeId, formula, operation: 'product', value: notional, evidence } as const;
  const price = held.mark?.price ?? entryPrice;
  return notional && price ? rounded(of, price.times(quantity), quantity) : leaf(of);
}

/** What is shown as one position of a symbol. */
export interface ShownPosition {
  readonly symbol: string;
  readonly side: Side;
  readonly size: Decimal;
  readonly currentPrice: Decimal | null;
  readonly priceSource: string;
  readonly exposure: Decimal | null;
}

/** The notional of a shown position: of its one side, or, where both sides are netted, of the one less that of the other. */
export function positionNotional(
  position: ShownPosition,
  sides: readonly HeldSide[],
  originOf: OriginOf,
): ExplainedNode {
  const { symbol, side, exposure } = position;
  const name = `exposure:${symbol}:${side}`;
  const nodes = sides.map((held) => {
    const node = notionalOf(held, originOf);
    return held.side === side ? node : minus(node);
  });
  if (nodes.length === 1) return nodes[0]!;
  const valued = sides.every(({ mark }) => mark !== null);
  if (valued) return total(name, 'What it holds − what it holds against it', nodes);
  const formula = 'Net quantity × entry price, because no mark was seen';
  const evidence = { symbol, side, quantity: position.size, entry_price: position.currentPrice };
  return leaf({ name, formula, operation: 'product', value: exposure, evidence });
}

function tradeEvidence(held: HeldSide, trade: HeldTrade, originOf: OriginOf): Evidence {
  const { symbol, side, mark } = held;
  return {
    ...originEvidence(trade.openedVersion, originOf(trade.openedVersion)),
    trade_id: trade.tradeId,
    symbol,
    side,
    occurred_at: isoOf(trade.openedAt),
    quantity: trade.quantity,
    entry_price: trade.entryPrice,
    entry_from: trade.entryFrom,
    cost_basis: trade.cost,
    mark_price: mark?.price ?? null,
    mark_source: mark?.source ?? 'entry',
    mark_at: mark ? isoOf(mark.at) : null,
  };
}

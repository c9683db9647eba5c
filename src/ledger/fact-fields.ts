import type { Fact, FactHeader } from './facts.js';

/**
 * What a field of a fact is: `money` (decimals that move money or positions), `figure` (decimals that only tell),
 * `name` (a text that says what it is about), `text` (words beside it), `flag`.
 */
export type FieldType = 'money' | 'figure' | 'name' | 'text' | 'flag';

type Content<One extends Fact> = Exclude<keyof One, keyof FactHeader | 'kind'>;
/** A field of a fact that has no entry here, or an entry without a field, does not compile. */
type Table = { readonly [One in Fact as One['kind']]: { readonly [Field in Content<One>]: FieldType } };

const TABLE: Table = {
  'trade.opened': {
    tradeId: 'name',
    symbol: 'name',
    side: 'name',
    entryPrice: 'money',
    quantity: 'money',
    leverage: 'figure',
    stopLoss: 'figure',
    takeProfit: 'figure',
    fee: 'money',
    category: 'text',
    model: 'text',
  },
  'trade.closed': {
    tradeId: 'name',
    symbol: 'name',
    side: 'name',
    entryPrice: 'money',
    exitPrice: 'money',
    quantity: 'money',
    reportedPnl: 'money',
    reportedPnlPct: 'figure',
    fee: 'money',
    orderId: 'name',
    leverage: 'figure',
    reason: 'text',
    model: 'text',
    claimedPnl: 'figure',
    whole: 'flag',
  },
  'order.executed': {
    orderId: 'name',
    executionId: 'name',
    tradeId: 'name',
    symbol: 'name',
    quantity: 'money',
    side: 'name',
    price: 'money',
    fee: 'money',
    feeCurrency: 'name',
    leverage: 'figure',
    executed: 'flag',
    status: 'text',
    reduceOnly: 'flag',
  },
  'trade.corrected': { symbol: 'name', corrects: 'name', replacement: 'name', reason: 'text' },
  'account.cash_flow': { type: 'name', amount: 'money', currency: 'name', symbol: 'name' },
  'ess.tripped': {
    reason: 'text',
    severity: 'text',
    dailyDrawdownPct: 'figure',
    openLossPct: 'figure',
    currentDrawdownPct: 'figure',
  },
  'account.reconciliation': { booked: 'money', reported: 'money', difference: 'money', opening: 'flag' },
  'position.reconciliation': {
    symbol: 'name',
    longQuantity: 'money',
    longEntryPrice: 'money',
    shortQuantity: 'money',
    shortEntryPrice: 'money',
    leverage: 'figure',
    bookedLong: 'figure',
    bookedShort: 'figure',
    opening: 'flag',
  },
};

const FIELDS = new Map(
  Object.entries(TABLE).map(([kind, fields]) => [
    kind,
    Object.entries(fields) as (readonly [string, FieldType])[],
  ]),
);

/** The content fields of a kind of fact, without its header, in canonical order; undefined for what is no fact. */
export function contentFields(
  kind: string,
): readonly (readonly [field: string, type: FieldType])[] | undefined {
  return FIELDS.get(kind);
}

/** True for the types whose values are decimals. */
export function isDecimalField(type: FieldType): boolean {
  return type === 'money' || type === 'figure';
}

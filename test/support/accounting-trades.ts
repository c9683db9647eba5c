import { isDust, writeOff } from '../../src/positions/domain/dust.js';
import { foldFills } from '../../src/positions/domain/fold-fills.js';
import type { Folded } from '../../src/positions/domain/fold-trades.js';
import { foldTrades } from '../../src/positions/domain/fold-trades.js';
import { heldAt } from '../../src/positions/domain/net-position.js';
import type { Trade } from '../../src/positions/domain/trade.js';
import type { TradeFact } from '../domain/positions/facts.js';
import { SYMBOL, closed, d, entryOf, executed, holding, opened, text } from '../domain/positions/facts.js';
import { nettedPositionsOf, positionsOf } from '../domain/positions/ledger.js';
import { symbolFacts } from '../domain/positions/rows.js';

/** What an example of docs/accounting.md comes to: its lines by name, exact numbers as text. */
export type Computed = Readonly<Record<string, string | number | boolean | null>>;

/** The facts of a symbol folded; the first has version 1. */
export const fold = (facts: readonly TradeFact[], standIns: Record<string, string> = {}): Folded =>
  foldTrades(
    symbolFacts(
      facts.map((fact, i) => entryOf(fact, i + 1)),
      new Map(Object.entries(standIns).map(([id, price]) => [id, d(price)])),
    ),
  );
const trade = ({ changes }: Folded, id: string): Trade =>
  [...changes.trades].map(({ after }) => after!).find(({ tradeId }) => tradeId === id)!;
const booked = ({ changes }: Folded, version: number): string | null =>
  text([...changes.bookings].find(({ after }) => after!.version === version)?.after?.amount);
const doubts = ({ changes }: Folded) => [...changes.discrepancies].map(({ after }) => after!);
const mark = (price: string) => ({ price: d(price), at: 1, source: 'market.tick' as const });
const held = ({ book }: Folded, price: string) => positionsOf(book, mark(price), 0);

function unrealized(): Computed {
  const long = held(fold([opened({ id: 'a', at: 1, qty: 1, price: 42_000 })]), '42741.13')[0]!;
  const short = held(fold([opened({ id: 'b', at: 1, side: 'SHORT', qty: 2, price: 3_000 })]), '2950')[0]!;
  return {
    'long unrealized_pnl': text(long.unrealizedPnl),
    'long unrealized_pnl_pct': text(long.unrealizedPnlPct),
    'short unrealized_pnl': text(short.unrealizedPnl),
    'short exposure': text(short.exposure),
  };
}

function averagePrice(): Computed {
  const position = held(
    fold([opened({ id: 'a', at: 1, qty: 1, price: 100 }), opened({ id: 'b', at: 2, qty: 2, price: 106 })]),
    '110',
  )[0]!;
  return {
    size: text(position.size),
    cost_basis: text(position.costBasis),
    entry_price: text(position.entryPrice),
    unrealized_pnl: text(position.unrealizedPnl),
  };
}

function adoptedHolding(): Computed {
  const known = opened({ id: 'known', at: 1, qty: 1, price: 100 });
  const told = holding({ at: 5, long: [3, 120] });
  const adopted = fold([known, told]);
  const explained = fold([known, told, opened({ id: 'missed', at: 2, qty: 2, price: 130 })]);
  const part = [...adopted.book.open.values()].find(({ entryFrom }) => entryFrom === 'reconciliation');
  const left = [...explained.book.open.values()].filter(({ entryFrom }) => entryFrom === 'reconciliation');
  return {
    'size once adopted': text(held(adopted, '120')[0]!.size),
    'entry_price once adopted': text(held(adopted, '120')[0]!.entryPrice),
    'adopted part': text(part!.remaining),
    'entry_price of the adopted part': text(part!.entryPrice),
    'adopted part once the open came': left.length,
    'entry_price then': text(held(explained, '120')[0]!.entryPrice),
  };
}

function partialClose(): Computed {
  const folded = fold([
    opened({ id: 'a', at: 1, qty: '0.1', price: 60_000, fee: '2.4' }),
    closed({ id: 'a', at: 2, qty: '0.04', exit: 61_000, fee: 1 }),
    closed({ id: 'a', at: 3, qty: '0.06', exit: 59_500 }),
  ]);
  return {
    'booked when it opened': booked(folded, 1),
    'booked by the first close': booked(folded, 2),
    'booked by the second close': booked(folded, 3),
    'exit_price of the trade': text(trade(folded, 'a').exitPrice),
    'realized_pnl of the trade': text(trade(folded, 'a').realizedPnl),
  };
}

function reported(): Computed {
  const folded = fold([
    opened({ id: 'a', at: 1, qty: 1, price: 100, fee: '0.5' }),
    closed({ id: 'a', at: 2, qty: 1, exit: 110, fee: '0.5', pnl: '8.7' }),
  ]);
  const [doubt] = doubts(folded);
  return {
    computed: text(doubt!.computed),
    'booked when it opened': booked(folded, 1),
    'booked by the close': booked(folded, 2),
    'realized_pnl of the trade': text(trade(folded, 'a').realizedPnl),
    discrepancy: `${doubt!.kind} ${text(doubt!.size)}`,
  };
}

function overClose(): Computed {
  const folded = fold([
    opened({ id: 'a', at: 1, qty: 2, price: 100 }),
    closed({ id: 'a', at: 2, qty: 5, exit: 110, pnl: 50 }),
  ]);
  const [doubt] = doubts(folded);
  return {
    'booked by the close': booked(folded, 2),
    'remaining of the trade': text(trade(folded, 'a').remaining),
    discrepancy: `${doubt!.kind} ${text(doubt!.size)}`,
  };
}

function derivedQuantity(): Computed {
  const folded = fold([
    opened({ id: 'a', at: 1, qty: 1, price: 100 }),
    opened({ id: 'b', at: 2, qty: 2, price: 104 }),
    closed({ at: 3, entry: 100, exit: 108, pnl: 16 }),
  ]);
  return {
    'remaining of a': text(trade(folded, 'a').remaining),
    'remaining of b': text(trade(folded, 'b').remaining),
    'realized_pnl of a': text(trade(folded, 'a').realizedPnl),
    'realized_pnl of b': text(trade(folded, 'b').realizedPnl),
  };
}

function standIn(): Computed {
  const facts = [opened({ id: 'a', at: 1, qty: 2, price: null })];
  const before = held(fold(facts, { a: '100' }), '103')[0]!;
  const told = [...facts, executed({ at: 1, order: 'a', price: 101 })];
  const after = held(fold(told, { a: '100' }), '103')[0]!;
  return {
    'unrealized_pnl while 100 stands in': text(before.unrealizedPnl),
    'entry price unknown': before.entryUnknown,
    'unrealized_pnl once 101 is told': text(after.unrealizedPnl),
    'still unknown': after.entryUnknown,
  };
}

function fills(): Computed {
  const rows = [
    [1, '1', 100],
    [2, '1', 110],
    [3, '-1', 120],
    [4, '-3', 90],
  ] as const;
  const folded = foldFills(
    SYMBOL,
    rows.map(([at, quantity, price]) => ({
      ...entryOf({ ...executed({ at, order: `o${at}`, price }), quantity: d(quantity) }, at),
      fillId: `o${at}`,
    })),
    'netting',
  );
  const short = held(folded, '90')[0]!;
  return {
    'booked by the third fill': booked(folded, 3),
    'booked by the fourth fill': booked(folded, 4),
    'side then': short.side,
    'size then': text(short.size),
    'entry_price then': text(short.entryPrice),
  };
}

function netted(): Computed {
  const folded = fold([
    opened({ id: 'a', at: 1, qty: 3, price: 100 }),
    opened({ id: 'b', at: 2, side: 'SHORT', qty: 1, price: 110 }),
  ]);
  const sides = held(folded, '105');
  const [net] = nettedPositionsOf(folded.book, mark('105'));
  return {
    'long unrealized_pnl': text(sides[0]!.unrealizedPnl),
    'short unrealized_pnl': text(sides[1]!.unrealizedPnl),
    'netted size': text(net!.size),
    'netted entry_price': text(net!.entryPrice),
    'netted unrealized_pnl': text(net!.unrealizedPnl),
  };
}

function dust(): Computed {
  const left = heldAt(d('0.00004'), d(60_000));
  const minimum = { quantity: d('0.0001'), notional: null };
  return {
    'cost basis': text(left.costBasis),
    'is dust': isDust(left, minimum, d(61_000)),
    'realized when written off': text(writeOff(left).realized),
  };
}

/** Examples about trades and positions, by the name that their block in docs/accounting.md carries. */
export const TRADE_EXAMPLES: Readonly<Record<string, () => Computed>> = {
  unrealized,
  'average-price': averagePrice,
  'adopted-holding': adoptedHolding,
  'partial-close': partialClose,
  reported,
  'over-close': overClose,
  'derived-quantity': derivedQuantity,
  'stand-in': standIn,
  fills,
  netted,
  dust,
};

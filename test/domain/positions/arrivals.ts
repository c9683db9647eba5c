import fc from 'fast-check';
import type { Side } from '../../../src/ledger/facts.js';
import type { Decimal } from '../../../src/shared/decimal.js';
import type { Amount, CloseRow, ExecutionRow, LevelRow, OpenRow, TradeFact } from './facts.js';
import { closed, d, executed, holding, opened } from './facts.js';

/** Something that reaches a symbol: a fact, a price, the end of a batch, or a restart of the process. */
export type Arrival =
  | { readonly fact: TradeFact }
  | { readonly tick: Decimal }
  | { readonly batch: 'ends' }
  | { readonly process: 'restarts' };

const TRADES = ['A', 'B', 'C', 'D'];
/** Few moments, so that facts come late and meet in one microsecond often. */
const moments = fc.integer({ min: 0, max: 24 });
const sides = fc.constantFrom<Side>('LONG', 'LONG', 'LONG', 'SHORT');

function maybe<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.option(value, { freq: 2 });
}

export const prices = fc.constantFrom('7', '10', '10.5', '12', '99.99', '0.3');
export const sizes = fc.constantFrom('0.1', '1', '2', '3', '5', '0.7');
export const fees = fc.constantFrom('0', '0.01', '0.1', '1');
const amounts: fc.Arbitrary<Amount> = maybe(fc.constantFrom('-3', '0.01', '2.5', '-0.7', '30'));

/** Opens of a few trades; one trade's quantity and side never change, what else is told may come in several messages. */
const opens: fc.Arbitrary<OpenRow> = fc
  .record({
    id: fc.constantFrom(...TRADES),
    at: moments,
    price: maybe(prices),
    fee: maybe(fees),
    category: maybe(fc.constantFrom('CORE', 'TOXIC')),
  })
  .map((row) => ({ ...row, qty: row.id === 'A' ? '2' : '5', side: row.id === 'D' ? 'SHORT' : 'LONG' }));

const closes: fc.Arbitrary<CloseRow> = fc.record({
  id: maybe(fc.constantFrom(...TRADES)),
  at: moments,
  side: maybe(sides),
  qty: maybe(sizes),
  entry: maybe(prices),
  exit: maybe(prices),
  pnl: amounts,
  fee: maybe(fees),
  order: fc.option(fc.constantFrom('o1', 'o2', 'o3'), { freq: 3 }),
  reason: maybe(fc.constantFrom('tp', 'sl')),
});

const executions: fc.Arbitrary<ExecutionRow> = fc.record({
  at: moments,
  order: maybe(fc.constantFrom(...TRADES, 'other')),
  trade: maybe(fc.constantFrom(...TRADES)),
  price: maybe(prices),
  executed: fc.constantFrom(true, true, false),
});

const level = fc.tuple(fc.constantFrom('0', '0.5', '2', '4', '7'), maybe(prices));
const levels: fc.Arbitrary<LevelRow> = fc
  .record({ at: moments, long: maybe(level), short: maybe(level) })
  .map(({ at, long, short }) => ({ at, ...(long && { long }), ...(short && { short }) }));

export const facts: fc.Arbitrary<TradeFact> = fc.oneof(
  { weight: 5, arbitrary: opens.map(opened) },
  { weight: 7, arbitrary: closes.map(closed) },
  { weight: 1, arbitrary: executions.map(executed) },
  { weight: 2, arbitrary: levels.map(holding) },
);

/** What may happen to one symbol in a while, in any order. */
export const arrivals: fc.Arbitrary<Arrival[]> = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: facts.map((fact) => ({ fact })) },
    { weight: 5, arbitrary: fc.constant({ batch: 'ends' } as const) },
    { weight: 2, arbitrary: prices.map((price) => ({ tick: d(price) })) },
    { weight: 1, arbitrary: fc.constant({ process: 'restarts' } as const) },
  ),
  { maxLength: 22 },
);

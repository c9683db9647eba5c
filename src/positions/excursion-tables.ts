import type { OwnedRow } from '../database/table.js';
import { Table } from '../database/table.js';
import type { Transaction } from '../database/database.js';
import type { Decimal } from '../shared/decimal.js';
import type { Excursion, Extreme } from './domain/excursion.js';

/** An excursion as its row: the extremes spread out. */
export interface ExcursionRow extends Omit<Excursion, 'adverse' | 'favourable'> {
  readonly symbol: string;
  readonly tradeId: string;
  readonly adversePrice: Decimal | null;
  readonly adverseQuantity: Decimal | null;
  readonly adverseCost: Decimal | null;
  readonly favourablePrice: Decimal | null;
  readonly favourableQuantity: Decimal | null;
  readonly favourableCost: Decimal | null;
}

export const EXCURSIONS = new Table<ExcursionRow>({
  name: 'trade_excursions',
  key: ['symbol', 'trade_id'],
  columns: {
    symbol: 'text',
    trade_id: 'text',
    side: 'text',
    entry_price: 'decimal',
    low: 'decimal',
    high: 'decimal',
    adverse_price: 'decimal',
    adverse_quantity: 'decimal',
    adverse_cost: 'decimal',
    favourable_price: 'decimal',
    favourable_quantity: 'decimal',
    favourable_cost: 'decimal',
    first_mark_at: 'micros',
  },
});

export function rowOf(symbol: string, tradeId: string, excursion: Excursion): ExcursionRow {
  const { adverse, favourable, ...rest } = excursion;
  return {
    symbol,
    tradeId,
    ...rest,
    adversePrice: adverse?.price ?? null,
    adverseQuantity: adverse?.quantity ?? null,
    adverseCost: adverse?.cost ?? null,
    favourablePrice: favourable?.price ?? null,
    favourableQuantity: favourable?.quantity ?? null,
    favourableCost: favourable?.cost ?? null,
  };
}

export function excursionOf(row: ExcursionRow): Excursion {
  const { side, entryPrice, low, high, firstMarkAt } = row;
  const extreme = (price: Decimal | null, quantity: Decimal | null, cost: Decimal | null): Extreme | null =>
    price && quantity && { price, quantity, cost };
  return {
    side,
    entryPrice,
    low,
    high,
    adverse: extreme(row.adversePrice, row.adverseQuantity, row.adverseCost),
    favourable: extreme(row.favourablePrice, row.favourableQuantity, row.favourableCost),
    firstMarkAt,
  };
}

/** Whether there is anything to keep: a trade that saw no mark yet is as good as one without a row. */
export function sawSomething({ excursion }: { readonly excursion: Excursion }): boolean {
  return excursion.firstMarkAt !== null;
}

/** What is written joins what is there already, as `joinExcursions` does: nobody takes back what another replica saw. */
export function writeExcursions(tx: Transaction, rows: readonly OwnedRow<ExcursionRow>[]): Promise<void> {
  const sorted = [...rows].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  return EXCURSIONS.merge(tx, sorted, {
    side: 'EXCLUDED.side',
    entry_price: `COALESCE(EXCLUDED.entry_price, ${HERE}.entry_price)`,
    low: `LEAST(${HERE}.low, EXCLUDED.low)`,
    high: `GREATEST(${HERE}.high, EXCLUDED.high)`,
    ...joined('adverse', '<'),
    ...joined('favourable', '>'),
    first_mark_at: `LEAST(${HERE}.first_mark_at, EXCLUDED.first_mark_at)`,
  });
}

const HERE = 'trade_excursions';
const placeOf = ({ accountId, row }: OwnedRow<ExcursionRow>) => `${accountId} ${row.symbol} ${row.tradeId}`;

function joined(extreme: 'adverse' | 'favourable', beats: '<' | '>'): Record<string, string> {
  const entry = `COALESCE(EXCLUDED.entry_price, ${HERE}.entry_price)`;
  const worth = (row: string) =>
    unrealizedSql(
      `EXCLUDED.side`,
      `${row}.${extreme}_price`,
      `${row}.${extreme}_quantity`,
      `${row}.${extreme}_cost`,
      entry,
    );
  const replaces = `${HERE}.${extreme}_price IS NULL OR ${worth('EXCLUDED')} ${beats} ${worth(HERE)}`;
  return Object.fromEntries(
    ['price', 'quantity', 'cost'].map((part) => {
      const column = `${extreme}_${part}`;
      return [column, `CASE WHEN ${replaces} THEN EXCLUDED.${column} ELSE ${HERE}.${column} END`];
    }),
  );
}

/** Unrealized PnL at a moment in SQL; see `Extreme`. Exact: numeric products are not rounded. */
export function unrealizedSql(
  side: string,
  price: string,
  quantity: string,
  cost: string,
  entry: string,
): string {
  return `(${price} * ${quantity} - COALESCE(${cost}, ${entry} * ${quantity})) * ${signSql(side)}`;
}

/** +1 for a long, −1 for a short, in SQL. */
export function signSql(side: string): string {
  return `(CASE ${side} WHEN 'LONG' THEN 1 ELSE -1 END)`;
}

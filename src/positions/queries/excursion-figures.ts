import type { Transaction } from '../../database/database.js';
import { Decimal } from '../../shared/decimal.js';
import { tradeKey } from '../domain/changes.js';
import type { Trade } from '../domain/trade.js';
import { signSql, unrealizedSql } from '../excursion-tables.js';

/** How far a trade went against (≤ 0) and for (≥ 0) its owner while open. */
export interface ExcursionFigures {
  /** Money; null when no mark was seen while it was open, or its entry price is not known. */
  readonly mae: Decimal | null;
  readonly mfe: Decimal | null;
  /** The same of one unit, against the trade's entry price. */
  readonly maePerUnit: Decimal | null;
  readonly mfePerUnit: Decimal | null;
}

/**
 * The figures as SQL over a row of `trades` (t) joined with its excursion (e, left). The price a trade was closed at is one that it saw,
 * too: for money when it was closed at once, for a unit as the average of its closes. Null when no mark was seen between open and close.
 */
export const EXCURSION_FIGURES: Readonly<Record<keyof ExcursionFigures, string>> = {
  mae: figure('LEAST', 'adverse'),
  mfe: figure('GREATEST', 'favourable'),
  maePerUnit: unitFigure('LEAST'),
  mfePerUnit: unitFigure('GREATEST'),
};

/** Whether a trade saw a mark while it was open, in SQL: then it has figures in money. */
export const EXCURSION_SEEN = `(${seenBetween()} AND t.entry_price IS NOT NULL AND t.side IS NOT NULL AND e.adverse_price IS NOT NULL)`;

export const JOIN_EXCURSIONS = `LEFT JOIN trade_excursions e ON e.account_id = t.account_id AND e.symbol = t.symbol AND e.trade_id = t.trade_id`;

function figure(pick: 'LEAST' | 'GREATEST', extreme: 'adverse' | 'favourable'): string {
  const seen = unrealizedSql(
    't.side',
    `e.${extreme}_price`,
    `e.${extreme}_quantity`,
    `e.${extreme}_cost`,
    't.entry_price',
  );
  const closed = `CASE WHEN t.closes = 1 AND t.remaining = 0 THEN ${unitGain('t.exit_price')} * t.quantity END`;
  return whenSeen(`${pick}(0, ${seen}, ${closed})`, `e.${extreme}_price IS NOT NULL`);
}

function unitFigure(pick: 'LEAST' | 'GREATEST'): string {
  return whenSeen(
    `${pick}(0, ${unitGain('e.low')}, ${unitGain('e.high')}, ${unitGain('t.exit_price')})`,
    'TRUE',
  );
}

function unitGain(price: string): string {
  return `(${price} - t.entry_price) * ${signSql('t.side')}`;
}

function whenSeen(value: string, also: string): string {
  return `CASE WHEN ${seenBetween()} AND t.entry_price IS NOT NULL AND t.side IS NOT NULL AND ${also} THEN ${value} END`;
}

function seenBetween(): string {
  return `e.first_mark_at IS NOT NULL AND e.first_mark_at <= COALESCE(t.closed_at, e.first_mark_at)`;
}

type Row = Readonly<Record<keyof ExcursionFigures, string | null>> & Pick<Trade, 'symbol' | 'tradeId'>;

const NAMES = ['mae', 'mfe', 'maePerUnit', 'mfePerUnit'] as const satisfies (keyof ExcursionFigures)[];
const COLUMNS = NAMES.map((name) => `(${EXCURSION_FIGURES[name]})::text AS "${name}"`).join(', ');

/** How far each of these trades went for and against its owner, by `tradeKey`. */
export async function excursionsOf(
  database: Pick<Transaction, 'query'>,
  accountId: string,
  trades: readonly Pick<Trade, 'symbol' | 'tradeId'>[],
): Promise<ReadonlyMap<string, ExcursionFigures>> {
  if (trades.length === 0) return new Map();
  const rows = await database.query<Row>(
    `SELECT t.symbol, t.trade_id AS "tradeId", ${COLUMNS} FROM trades t ${JOIN_EXCURSIONS}
     WHERE t.account_id = $1 AND (t.symbol, t.trade_id) IN (SELECT * FROM unnest($2::text[], $3::text[]))`,
    [accountId, trades.map(({ symbol }) => symbol), trades.map(({ tradeId }) => tradeId)],
  );
  return new Map(rows.map((row) => [tradeKey(row), figuresOf(row)]));
}

function figuresOf(row: Row): ExcursionFigures {
  const figures = NAMES.map((name) => [name, row[name] === null ? null : Decimal.stored(row[name])]);
  return Object.fromEntries(figures) as ExcursionFigures;
}

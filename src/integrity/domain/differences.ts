import type { AuditedTable, RowPair } from '../../shared/row-pairs.js';
import { Decimal } from '../../shared/decimal.js';
import { isoOf } from '../../shared/periods.js';

/** A value of a row as people read it: exact numbers as text, moments as ISO text. */
export type Shown = string | number | boolean | null;
export type ShownRow = Readonly<Record<string, Shown>>;

/** A row that is not what the ledger says. Of a changed one only the columns that differ are shown. */
export interface Difference {
  readonly table: string;
  readonly key: string;
  /** `changed`: other values; `missing`: the ledger has it and the database does not; `surplus`: the other way round. */
  readonly kind: 'changed' | 'missing' | 'surplus';
  readonly stored: ShownRow | null;
  readonly expected: ShownRow | null;
}

/** The rows that differ, in the order of tables and keys. */
export function differencesIn(tables: readonly AuditedTable[]): Difference[] {
  const found = tables.flatMap(({ table, rows }) =>
    rows.flatMap((pair) => {
      const difference = differenceOf(table, pair);
      return difference ? [difference] : [];
    }),
  );
  return found.sort((a, b) => compareText(placeOf(a), placeOf(b)));
}

/** The stored rows as text, one a line, in the order of tables and keys: the same rows give the same lines, wherever they lie. */
export function canonicalLines(tables: readonly AuditedTable[]): string[] {
  const lines = tables.flatMap(({ table, rows }) =>
    rows.flatMap(({ key, stored }) =>
      stored ? [`${table}\t${JSON.stringify(key)}\t${JSON.stringify(shown(stored))}`] : [],
    ),
  );
  return lines.sort(compareText);
}

export const placeOf = ({ table, key }: Pick<Difference, 'table' | 'key'>) => `${table}\t${key}`;

function differenceOf(table: string, { key, stored, expected }: RowPair): Difference | null {
  const [was, is] = [stored && shown(stored), expected && shown(expected)];
  if (!was || !is) {
    if (!was && !is) return null;
    return { table, key, kind: was ? 'surplus' : 'missing', stored: was, expected: is };
  }
  const columns = Object.keys({ ...was, ...is }).filter(
    (column) => (was[column] ?? null) !== (is[column] ?? null),
  );
  if (columns.length === 0) return null;
  const of = (row: ShownRow) => Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
  return { table, key, kind: 'changed', stored: of(was), expected: of(is) };
}

/** A row by its columns, in their alphabetical order; whose it is goes without saying. */
function shown(row: object): ShownRow {
  const columns = Object.entries(row)
    .filter(([property]) => property !== 'accountId')
    .map(([property, value]) => [snake(property), shownValue(property, value)] as const);
  return Object.fromEntries(columns.sort(([a], [b]) => compareText(a, b)));
}

function shownValue(property: string, value: unknown): Shown {
  if (value instanceof Decimal) return value.toString();
  if (typeof value === 'number' && property.endsWith('At')) return isoOf(value);
  return (value ?? null) as Shown;
}

const snake = (property: string) => property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** By code units, as every machine sorts them. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

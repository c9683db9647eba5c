import type { RowPair } from '../../shared/row-pairs.js';
import { Decimal } from '../../shared/decimal.js';
import { isoOf } from '../../shared/periods.js';
import type { Work } from '../../shared/turns.js';
import { sorted } from '../../shared/turns.js';

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

/** A row that was looked at: what differs, and the stored row as text; null = nothing does, or no row is stored. */
export interface Compared {
  readonly difference: Difference | null;
  readonly line: string | null;
}

/** Holds one stored row against what the ledger says. Equal rows have equal lines, wherever they lie and whoever owns them. */
export function compareRow(table: string, pair: RowPair): Compared {
  const { key, stored, expected } = pair;
  const text = stored && textOf(stored);
  const isEqual = text !== null && expected !== null && text === textOf(expected);
  return {
    difference: isEqual ? null : differenceOf(table, pair),
    line: text && `${table}\t${JSON.stringify(key)}\t${text}`,
  };
}

/** What was found, in the order of tables and keys; `equal` are lines of further rows that no difference was found in. */
export function* inOrder(
  found: readonly Compared[],
  equal: readonly string[] = [],
): Work<{ differences: Difference[]; lines: string[] }> {
  const differences = found.flatMap(({ difference }) => difference ?? []);
  const lines = [...equal, ...found.flatMap(({ line }) => line ?? [])];
  return {
    differences: yield* sorted(differences, (a, b) => compareText(placeOf(a), placeOf(b))),
    lines: yield* sorted(lines, compareText),
  };
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
  const values = row as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    columnsOf(row).map(({ property, column }) => [column, shownValue(property, values[property])]),
  );
}

function textOf(row: object): string {
  const values = row as Readonly<Record<string, unknown>>;
  let text = '';
  for (const { property, column } of columnsOf(row))
    text += `,"${column}":${JSON.stringify(shownValue(property, values[property]))}`;
  return `{${text.slice(1)}}`;
}

interface Column {
  readonly property: string;
  readonly column: string;
}

/** Rows of a table all look alike: what their columns are is found out once. */
const known = new Map<string, readonly Column[]>();

function columnsOf(row: object): readonly Column[] {
  const properties = Object.keys(row);
  const name = properties.join();
  const found = known.get(name);
  if (found) return found;
  const columns = properties
    .filter((property) => property !== 'accountId')
    .map((property) => ({ property, column: snake(property) }))
    .sort((a, b) => compareText(a.column, b.column));
  known.set(name, columns);
  return columns;
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

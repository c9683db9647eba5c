import type { Work } from './turns.js';
import { atOnce } from './turns.js';

/** A row as the database has it and as the ledger says it is; null = there is none. */
export interface RowPair {
  /** The row's primary key after account_id, in the table's own words. */
  readonly key: string;
  readonly stored: object | null;
  readonly expected: object | null;
}

/** The rows of one table that were looked at. */
export interface AuditedTable {
  readonly table: string;
  readonly rows: readonly RowPair[];
  /** Further rows, stored as they should be, each as a text that says all of it. */
  readonly equal?: readonly string[];
}

/** Every stored row beside the expected one of its key. */
export function pairRows<Row extends object>(
  table: string,
  keyOf: (row: Row) => string,
  stored: readonly Row[],
  expected: readonly Row[],
): AuditedTable {
  return atOnce(pairing(table, keyOf, stored, expected));
}

/** The same, to be left after each row. */
export function* pairing<Row extends object>(
  table: string,
  keyOf: (row: Row) => string,
  stored: readonly Row[],
  expected: readonly Row[],
): Work<AuditedTable> {
  const pairs = new Map<string, { key: string; stored: Row | null; expected: Row | null }>();
  for (const row of stored) {
    pairs.set(keyOf(row), { key: keyOf(row), stored: row, expected: null });
    yield;
  }
  for (const row of expected) {
    const key = keyOf(row);
    pairs.set(key, { key, stored: pairs.get(key)?.stored ?? null, expected: row });
    yield;
  }
  return { table, rows: [...pairs.values()] };
}

import { Decimal } from '../shared/decimal.js';
import { isoOf, microsOf } from '../shared/periods.js';
import { Turns, mapInTurns } from '../shared/turns.js';
import { plainArray, textArray } from './arrays.js';
import { WORTH_A_COPY, copyField } from './copy-text.js';
import type { Transaction } from './database.js';

/** How a column's value looks in memory: `decimal` a Decimal, `micros` microseconds since the epoch, the rest as they are. */
export type ColumnKind = 'text' | 'decimal' | 'micros' | 'integer' | 'flag' | 'day';

const SQL_TYPE: Record<ColumnKind, string> = {
  text: 'text',
  decimal: 'numeric',
  micros: 'timestamptz',
  integer: 'bigint',
  flag: 'boolean',
  day: 'date',
};

export interface TableOptions {
  readonly name: string;
  /** Columns of the primary key after account_id. */
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, ColumnKind>>;
}

/** A row of one account on its way to or from the database. */
export interface OwnedRow<Row> {
  readonly accountId: string;
  readonly row: Row;
}

const camel = (column: string) => column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/**
 * A table whose rows are values of memory, column by column (`trade_id` is `tradeId`): written in one statement for any number of
 * rows, with arrays and `unnest`, and read back to equal values. Every such table is keyed by account_id first.
 */
export class Table<Row extends object> {
  readonly name: string;
  private readonly columns: readonly { name: string; property: string; kind: ColumnKind }[];
  private readonly insertSql: string;
  private readonly target: string;
  private readonly replaceAll: string;
  private readonly removeSql: string;
  private readonly selectSql: string;
  private readonly textSql: string;
  private readonly keys: readonly { property: string; kind: ColumnKind }[];

  constructor({ name, key, columns }: TableOptions) {
    this.name = name;
    this.columns = Object.entries(columns).map(([column, kind]) => ({
      name: column,
      property: camel(column),
      kind,
    }));
    this.keys = key.map((column) => ({ property: camel(column), kind: columns[column]! }));
    const names = this.columns.map((column) => column.name);
    const arrays = this.columns.map((column, i) => `$${i + 2}::${SQL_TYPE[column.kind]}[]`);
    const updates = names
      .filter((column) => !key.includes(column))
      .map((column) => `${column} = EXCLUDED.${column}`);
    this.target = `${name} (account_id, ${names.join(', ')})`;
    this.insertSql = `INSERT INTO ${name} (account_id, ${names.join(', ')})
      SELECT * FROM unnest($1::text[], ${arrays.join(', ')})
      ON CONFLICT (account_id${key.map((column) => `, ${column}`).join('')})`;
    this.replaceAll = updates.join(', ');
    const keyTypes = key.map((column, i) => `$${i + 2}::${SQL_TYPE[columns[column]!]}[]`);
    this.removeSql = `DELETE FROM ${name} USING unnest($1::text[], ${keyTypes.join(', ')}) AS gone(account_id, ${key.join(', ')})
      WHERE ${['account_id', ...key].map((column) => `${name}.${column} = gone.${column}`).join(' AND ')}`;
    this.selectSql = `SELECT account_id, ${this.columns.map(({ name: column, kind }) => selected(column, kind)).join(', ')} FROM ${name}`;
    this.textSql = `array_to_json(ARRAY[${this.columns.map(({ name: column, kind }) => textOfColumn(column, kind)).join(', ')}])::text`;
  }

  /** Inserts rows; one whose key is there already takes the new values. */
  upsert(tx: Transaction, rows: readonly OwnedRow<Row>[]): Promise<void> {
    return this.insert(tx, rows, 'upsert', `DO UPDATE SET ${this.replaceAll}`);
  }

  /** Adds rows that are surely new, in the cheapest way there is for so many; one whose key is there already fails all of them. */
  async append(tx: Transaction, rows: readonly OwnedRow<Row>[]): Promise<void> {
    if (rows.length < WORTH_A_COPY) return this.upsert(tx, rows);
    let lines = '';
    for (const { accountId, row } of rows) lines += this.lineOf(accountId, row as Record<string, unknown>);
    await tx.append(this.target, lines);
  }

  /** Inserts rows; one whose key is there already stays as it is. */
  keepFirst(tx: Transaction, rows: readonly OwnedRow<Row>[]): Promise<void> {
    return this.insert(tx, rows, 'keep', 'DO NOTHING');
  }

  /** Inserts rows; for one whose key is there already, each named column takes the value of its SQL expression. */
  merge(
    tx: Transaction,
    rows: readonly OwnedRow<Row>[],
    updates: Readonly<Record<string, string>>,
  ): Promise<void> {
    const assignments = Object.entries(updates).map(([column, expression]) => `${column} = ${expression}`);
    return this.insert(tx, rows, 'merge', `DO UPDATE SET ${assignments.join(', ')}`);
  }

  async remove(tx: Transaction, rows: readonly OwnedRow<Row>[]): Promise<void> {
    if (rows.length === 0) return;
    const values = [textArray(rows.map(({ accountId }) => accountId)), ...arraysOf(rows, this.keys)];
    await tx.send({ name: `${this.name}-remove`, text: this.removeSql, values });
  }

  /** The rows that a condition (SQL over this table, with its values) selects. */
  async select(
    tx: Pick<Transaction, 'query'>,
    condition: string,
    values: unknown[],
  ): Promise<(Row & { readonly accountId: string })[]> {
    const found = await tx.query<Record<string, unknown>>(`${this.selectSql} WHERE ${condition}`, values);
    return mapInTurns(found, (record) => this.rowOf(record));
  }

  /** What a row says in every column but whose it is, as one text; the same as `texts` reads from the database. */
  textOf(row: Row): string {
    const values = row as Record<string, unknown>;
    return JSON.stringify(
      this.columns.map(({ property, kind }) => {
        const value = values[property] ?? null;
        return value === null ? null : String(encode(kind, value));
      }),
    );
  }

  /** What the rows that a condition selects say (see textOf), by a text column: much cheaper than the rows themselves. */
  async texts(
    tx: Pick<Transaction, 'query'>,
    { by, condition, values }: { by: string; condition: string; values: unknown[] },
  ): Promise<Map<string, string[]>> {
    const rows = await tx.query<{ name: string; text: string }>(
      `SELECT ${by} AS name, ${this.textSql} AS text FROM ${this.name} WHERE ${condition}`,
      values,
    );
    const found = new Map<string, string[]>();
    const turns = new Turns();
    for (const { name, text } of rows) {
      const own = found.get(name);
      if (own) own.push(text);
      else found.set(name, [text]);
      if (turns.isOver) await turns.next();
    }
    return found;
  }

  private async insert(
    tx: Transaction,
    rows: readonly OwnedRow<Row>[],
    verb: string,
    action: string,
  ): Promise<void> {
    if (rows.length === 0) return;
    const values = [textArray(rows.map(({ accountId }) => accountId)), ...arraysOf(rows, this.columns)];
    await tx.send({ name: `${this.name}-${verb}`, text: `${this.insertSql} ${action}`, values });
  }

  private lineOf(accountId: string, row: Record<string, unknown>): string {
    let line = copyField(accountId);
    for (const { property, kind } of this.columns) {
      const value = row[property] ?? null;
      const field =
        value === null ? '\\N' : kind === 'text' ? copyField(value as string) : encode(kind, value);
      line += `\t${field}`;
    }
    return `${line}\n`;
  }

  private rowOf(record: Record<string, unknown>): Row & { readonly accountId: string } {
    const row: Record<string, unknown> = { accountId: record['account_id'] };
    for (const { name, property, kind } of this.columns) row[property] = decode(kind, record[aliasOf(name)]);
    return row as Row & { readonly accountId: string };
  }
}

/** The alias differs from the column: `ORDER BY version` would else sort the text of it. */
const aliasOf = (column: string) => `${column}_as_text`;

function selected(column: string, kind: ColumnKind): string {
  const alias = aliasOf(column);
  if (kind === 'micros') return `${textOfColumn(column, kind)} AS ${alias}`;
  return kind === 'text' || kind === 'flag' ? `${column} AS ${alias}` : `${column}::text AS ${alias}`;
}

/** One array a column. Arrays are written here, because the driver would look at every element of every array twice. */
function arraysOf(
  rows: readonly OwnedRow<object>[],
  columns: readonly { readonly property: string; readonly kind: ColumnKind }[],
): string[] {
  return columns.map(({ property, kind }) => {
    const values = rows.map(({ row }) => (row as Record<string, unknown>)[property] ?? null);
    return kind === 'text'
      ? textArray(values as (string | null)[])
      : plainArray(values.map((value) => (value === null ? null : encode(kind, value))));
  });
}

function encode(kind: ColumnKind, value: unknown): string | number | boolean {
  if (kind === 'decimal') return (value as Decimal).toString();
  return kind === 'micros' ? isoOf(value as number) : (value as string | number | boolean);
}

function decode(kind: ColumnKind, value: unknown): unknown {
  if (value === null) return null;
  if (kind === 'decimal') return Decimal.stored(value as string);
  if (kind === 'micros') return microsOf(value as string);
  return kind === 'integer' ? Number(value) : value;
}

/** As `encode` writes it. */
function textOfColumn(column: string, kind: ColumnKind): string {
  return kind === 'micros'
    ? `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')`
    : `${column}::text`;
}

import { escapeIdentifier, escapeLiteral, type QueryConfig, type QueryResult } from 'pg';
import { textArray } from './arrays.js';

/** A statement with longer parameters gains nothing: writing them as literals costs more than a message. */
const LONGEST = 4_096;

/** What each connection has prepared, and can be told to execute by name from then on. */
const prepared = new WeakMap<object, Set<string>>();

/** Remembers that a connection took this statement: Postgres keeps it under its name until the connection ends. */
export function rememberPrepared(connection: object, { name }: QueryConfig): void {
  if (name === undefined) return;
  const names = prepared.get(connection) ?? new Set();
  prepared.set(connection, names.add(name));
}

/** Told what a statement returned. */
export type OnRows = (rows: never[]) => void;

/** Small writes, as texts, that wait to leave together. */
export class HeldWrites {
  private writes: { readonly text: string; readonly onRows: OnRows }[] = [];

  /** Whether the write is held now; see `executeText` for those that are not. */
  hold(connection: object, statement: QueryConfig, onRows: OnRows): boolean {
    const text = executeText(connection, statement);
    if (text !== null) this.writes.push({ text, onRows });
    return text !== null;
  }

  get isEmpty(): boolean {
    return this.writes.length === 0;
  }

  forget(): void {
    this.writes = [];
  }

  /** All that is held, with `last` behind it if given, as one message, and who is to be told its results. */
  take(last?: string): { readonly text: string; readonly tell: (results: readonly QueryResult[]) => void } {
    const { writes } = this;
    this.writes = [];
    return {
      text: [...writes.map(({ text }) => text), ...(last === undefined ? [] : [last])].join(';'),
      tell: (results) => writes.forEach(({ onRows }, i) => onRows(results[i]!.rows as never[])),
    };
  }
}

/**
 * A write as `EXECUTE name(…)`, so that those of one trade and their COMMIT fit into one message: each message of its own costs a write to the
 * socket on both sides, which for small ones is more than the work. null where it has to go by itself: the connection has not
 * prepared it, or its parameters are long or not texts, numbers, flags and arrays of them.
 */
export function executeText(connection: object, { name, values = [] }: QueryConfig): string | null {
  if (name === undefined || !prepared.get(connection)?.has(name)) return null;
  const literals: string[] = [];
  let length = 0;
  for (const value of values as unknown[]) {
    const text = parameterText(value);
    if (text === undefined || (length += text?.length ?? 4) > LONGEST) return null;
    literals.push(text === null ? 'NULL' : escapeLiteral(text));
  }
  return `EXECUTE ${escapeIdentifier(name)}${literals.length > 0 ? `(${literals.join(',')})` : ''}`;
}

/** As the driver would send it; undefined = a kind that is left to the driver. */
function parameterText(value: unknown): string | null | undefined {
  if (value === null) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!Array.isArray(value)) return undefined;
  const elements = value.map(parameterText);
  const isFlat = elements.every((element, i) => element !== undefined && !Array.isArray(value[i]));
  return isFlat ? textArray(elements as (string | null)[]) : undefined;
}
